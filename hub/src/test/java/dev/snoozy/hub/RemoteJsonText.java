package dev.snoozy.hub;

import tools.jackson.databind.json.JsonMapper;

/** Text as it stands in JSON. */
final class RemoteJsonText {
    private RemoteJsonText() {}

    static String quoted(String text) {
        return JsonMapper.builder().build().writeValueAsString(text);
    }
}
