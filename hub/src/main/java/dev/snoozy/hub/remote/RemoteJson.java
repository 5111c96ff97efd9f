package dev.snoozy.hub.remote;

import dev.snoozy.hub.HubException;
import dev.snoozy.hub.download.Reply;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON from servers, with limits. */
final class RemoteJson {
    private static final JsonMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(50)
                                                    .maxStringLength(1 << 20)
                                                    .maxNumberLength(30)
                                                    .build())
                                    .build())
                    .build();

    private RemoteJson() {}

    /**
     * The body of an answer.
     *
     * @throws HubException if it is not JSON
     */
    static JsonNode read(Reply<byte[]> reply) {
        try {
            return MAPPER.readTree(reply.body());
        } catch (JacksonException e) {
            throw new HubException(
                    reply.uri().getHost()
                            + " answered with something else than JSON; cure: check the endpoint"
                            + " and the proxy",
                    e);
        }
    }
}
