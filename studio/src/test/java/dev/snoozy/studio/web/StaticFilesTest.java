package dev.snoozy.studio.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;

class StaticFilesTest {
    private static StubStudio studio;
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @BeforeAll
    static void start() {
        studio = new StubStudio();
    }

    @AfterAll
    static void stop() {
        studio.close();
        CLIENT.close();
    }

    private static HttpResponse<byte[]> get(String path, String... headers) {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(studio.url() + path));
            if (headers.length > 0) {
                request.headers(headers);
            }
            return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    @Test
    void thePageMayRunItsOwnModulesAndNothingElse() {
        HttpResponse<byte[]> answer = get("");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(header(answer, "Content-Type")).isEqualTo("text/html; charset=utf-8");
        assertThat(header(answer, "Content-Security-Policy"))
                .contains("default-src 'none'")
                .contains("require-trusted-types-for 'script'")
                .containsPattern("script-src 'self' 'sha256-[A-Za-z0-9+/=]{44}';")
                .doesNotContain("unsafe");
        assertThat(header(answer, "X-Content-Type-Options")).isEqualTo("nosniff");
    }

    @Test
    void modulesAreSentAsScripts() {
        assertThat(header(get("app/main.js"), "Content-Type")).startsWith("text/javascript");
        assertThat(header(get("vendor/dompurify/purify.es.mjs"), "Content-Type"))
                .startsWith("text/javascript");
    }

    @Test
    void whatIsKnownIsNotSentAgain() {
        HttpResponse<byte[]> first = get("app/main.js");
        HttpResponse<byte[]> again = get("app/main.js", "If-None-Match", header(first, "ETag"));
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(get("app/main.js", "If-None-Match", "\"other\"").statusCode()).isEqualTo(200);
    }

    @Test
    void zippedIsTheSame() throws IOException {
        HttpResponse<byte[]> zipped = get("app/shell.js", "Accept-Encoding", "br, gzip");
        assertThat(header(zipped, "Content-Encoding")).isEqualTo("gzip");
        byte[] bytes = new GZIPInputStream(new ByteArrayInputStream(zipped.body())).readAllBytes();
        assertThat(bytes).isEqualTo(get("app/shell.js").body());
        assertThat(header(get("app/shell.js", "Accept-Encoding", "gzip;q=0"), "Content-Encoding"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "StaticFiles.class",
                "app",
                "app/",
                "app/none.js",
                "..%2f..%2fStudio.class",
                "%2e%2e/index.html",
                "app/..%2findex.html",
                "app//main.js",
                "%2fetc/passwd.json",
                "app%5cmain.js",
                "app/main.js%00.html",
                "vendor/marked/LICENSE"
            })
    void nothingElseIsSent(String path) {
        HttpResponse<byte[]> answer = get(path);
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(new String(answer.body(), StandardCharsets.UTF_8)).contains("error");
    }
}
