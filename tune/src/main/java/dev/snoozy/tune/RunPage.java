package dev.snoozy.tune;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** A page with the curves of a run. It needs nothing but itself. */
final class RunPage {
    /** Points of a curve beyond this number are thinned out: nobody sees them. */
    private static final int MOST_POINTS = 2000;

    /** Measurements whose samples are shown. */
    private static final int MOST_SAMPLES = 50;

    private RunPage() {}

    static String of(
            String title,
            String summary,
            List<RunFiles.Point> points,
            List<RunFiles.Answers> answers) {
        return """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><title>%1$s</title>
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <style>
        body { font: 15px/1.5 system-ui, sans-serif; max-width: 920px; margin: 2em auto;
          padding: 0 1em; color: #222; background: #fff; }
        svg { width: 100%%; height: auto; }
        h1 { font-size: 1.3em; } h2 { font-size: 1em; margin-bottom: 0; }
        pre { white-space: pre-wrap; }
        @media (prefers-color-scheme: dark) {
          body { color: #ddd; background: #181818; } svg text { fill: #ddd; } }
        </style></head><body>
        <h1>%1$s</h1><pre>%2$s</pre>
        %3$s%4$s%5$s%6$s%7$s%8$s%9$s
        </body></html>
        """
                .formatted(
                        escaped(title),
                        escaped(summary),
                        plot(
                                "Loss, nats per token",
                                curve("training", "#4472c4", points, false, RunFiles.Point::loss),
                                curve("validation", "#d1495b", points, true, RunFiles.Point::loss)),
                        plot(
                                "Norm of the gradients",
                                curve("norm", "#4472c4", points, false, RunFiles.Point::norm)),
                        plot(
                                "Learning rate",
                                curve("rate", "#4472c4", points, false, RunFiles.Point::rate)),
                        plot(
                                "Tokens per second",
                                curve("t/s", "#4472c4", points, false, RunFiles.Point::speed)),
                        plot(
                                "GFLOP/s of the products",
                                curve("GFLOP/s", "#4472c4", points, false, RunFiles.Point::gflops)),
                        plot(
                                "Memory in use on the heap, MB",
                                curve("heap", "#4472c4", points, false, p -> p.heap() / 1e6)),
                        samples(answers));
    }

    /** What was generated, the latest first, and only that unfolded. */
    private static String samples(List<RunFiles.Answers> answers) {
        StringBuilder html = new StringBuilder();
        for (int i = answers.size() - 1; i >= Math.max(0, answers.size() - MOST_SAMPLES); i--) {
            RunFiles.Answers each = answers.get(i);
            html.append(i == answers.size() - 1 ? "<h2>Samples</h2>\n<details open>" : "<details>")
                    .append("<summary>after step ")
                    .append(each.step())
                    .append("</summary>\n");
            for (TuneSample sample : each.samples()) {
                html.append("<pre><b>")
                        .append(escaped(sample.prompt()))
                        .append("</b>\n")
                        .append(escaped(sample.text()))
                        .append(sample.ended() ? "" : " ...")
                        .append("</pre>\n");
            }
            html.append("</details>\n");
        }
        return html.toString();
    }

    private static CurvePlot.Curve curve(
            String name,
            String colour,
            List<RunFiles.Point> points,
            boolean validation,
            ToDoubleFunction<RunFiles.Point> value) {
        List<double[]> found = new ArrayList<>();
        for (RunFiles.Point point : points) {
            double y = value.applyAsDouble(point);
            if (point.validation() == validation && Double.isFinite(y)) {
                found.add(new double[] {point.step(), y});
            }
        }
        int every = 1 + found.size() / MOST_POINTS;
        List<double[]> thin = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            if (i % every == 0 || i == found.size() - 1) {
                thin.add(found.get(i));
            }
        }
        return new CurvePlot.Curve(name, colour, thin);
    }

    private static String plot(String title, CurvePlot.Curve... curves) {
        String svg = CurvePlot.svg(title, List.of(curves));
        return svg.isEmpty() ? "" : "<h2>" + title + "</h2>\n" + svg;
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
