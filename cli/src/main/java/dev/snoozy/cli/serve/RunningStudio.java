package dev.snoozy.cli.serve;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/**
 * A studio that runs already on this machine. It is known by its page, which is shown without a
 * key: a studio that demands keys is found like any other.
 */
final class RunningStudio {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** What stands in the studio's page, and in no other. */
    private static final String PAGE = "<sz-shell>";

    private RunningStudio() {}

    /** Whether a studio of Snoozy answers at an address. */
    static boolean isAt(String url) {
        try (HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(url + "/studio/")).timeout(PATIENCE).build();
            HttpResponse<String> answer =
                    client.send(request, HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200 && answer.body().contains(PAGE);
        } catch (IOException e) {
            return false; // nobody listens, or somebody else
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
