package dev.snoozy.curate.map;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;

import dev.snoozy.curate.vectors.Vectors;

import java.io.BufferedOutputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How long a map takes and how smoothly its page moves, by hand: {@code MapBenchmark [ROWS [THREADS
 * [CHROMIUM_ARGUMENT...]]]}. Without arguments for it the browser draws by software, as it does on
 * a machine without a graphics card; {@code --disable-gpu} takes WebGL away, for the plain canvas.
 */
final class MapBenchmark {
    private MapBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        int size = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100_000;
        int threads = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1;
        List<String> browser = new ArrayList<>(List.of("--no-sandbox", "--disable-dev-shm-usage"));
        browser.addAll(
                Arrays.asList(arguments).subList(Math.min(2, arguments.length), arguments.length));
        SyntheticRows rows = new SyntheticRows(size, 60);
        long[] last = {System.nanoTime()};
        Vectors vectors = DataMapTest.vectors(rows);
        said(last, "vectors of the texts");
        String[] step = {""};
        DataMap map =
                DataMap.of(
                        rows,
                        vectors,
                        threads,
                        next -> {
                            said(last, step[0]);
                            step[0] = next;
                        });
        said(last, step[0]);
        Path file = Files.createTempFile("map-", ".html");
        try {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
                MapPage.write("Benchmark", rows, map, out);
            }
            said(last, "page of " + Files.size(file) / 1_000_000 + " MB");
            frames(file, browser);
        } finally {
            Files.delete(file);
        }
    }

    private static void said(long[] last, String step) {
        long now = System.nanoTime();
        if (!step.isEmpty()) {
            System.out.printf("%s: %.1f s%n", step, (now - last[0]) / 1e9);
        }
        last[0] = System.nanoTime();
    }

    private static void frames(Path file, List<String> arguments) {
        try (Playwright playwright = Chromium.playwright();
                Browser browser =
                        Chromium.launch(playwright, Chromium.find().orElseThrow(), arguments)) {
            Page page = browser.newPage(new Browser.NewPageOptions().setViewportSize(1400, 900));
            long start = System.nanoTime();
            page.navigate(file.toUri().toString());
            System.out.printf("opened in %.1f s%n", (System.nanoTime() - start) / 1e9);
            System.out.println(
                    page.evaluate(
                            """
                            () => { const gl = points.getContext('webgl2');
                            const info = gl && gl.getExtension('WEBGL_debug_renderer_info');
                            return gl ? 'drawn by ' + gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER)
                                : 'drawn on a plain canvas'; }
                            """));
            for (String motion : List.of("view.x += 2; redraw()", "zoom(1.01, 500, 400)")) {
                Object result =
                        page.evaluate(
                                """
                                () => new Promise(done => {
                                  const times = [], own = [];
                                  let last = performance.now();
                                  function frame() {
                                    const now = performance.now();
                                    times.push(now - last);
                                    last = now;
                                    MOTION;
                                    if (times.length < 120) requestAnimationFrame(frame);
                                    else {
                                      for (let i = 0; i < 20; i++) {
                                        const t = performance.now(); draw(); own.push(performance.now() - t);
                                      }
                                      const at = (list, p) => list.sort((a, b) => a - b)[Math.floor(list.length * p)].toFixed(1);
                                      done(`median ${at(times, .5)} ms, 95th of 100 ${at(times, .95)} ms a frame; `
                                          + `${at(own, .5)} ms in its script`);
                                    }
                                  }
                                  requestAnimationFrame(frame);
                                })
                                """
                                        .replace("MOTION", motion));
                System.out.println(motion + ": " + result);
            }
        }
    }
}
