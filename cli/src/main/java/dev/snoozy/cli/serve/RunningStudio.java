package dev.snoozy.cli.serve;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** A studio that runs already on this machine. */
final class RunningStudio {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private RunningStudio() {}

    /** Whether a studio of Snoozy answers at an address. */
    static boolean isAt(String url) {
        try (HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(url + "/studio/api/system"))
                            .timeout(PATIENCE)
                            .build();
            HttpResponse<String> answer =
                    client.send(request, HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200 && answer.body().contains("\"dataFolder\"");
        } catch (IOException e) {
            return false; // nobody listens, or somebody else
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
