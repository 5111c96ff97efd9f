package dev.snoozy.server.anthropic;

import dev.snoozy.server.generate.Service;
import dev.snoozy.server.http.Routes;

/**
 * Anthropic's Messages interface, as its clients use it. The headers {@code anthropic-version} and
 * {@code anthropic-beta} are taken and change nothing.
 */
public final class Anthropic {
    private Anthropic() {}

    /** Adds the places of this dialect. */
    public static void addTo(Routes routes, Service service) {
        Messages messages = new Messages(service);
        routes.add("POST", "/v1/messages", AnthropicErrors::of, messages::answer);
        routes.add("POST", "/v1/messages/count_tokens", AnthropicErrors::of, messages::count);
    }
}
