import org.jspecify.annotations.NullMarked;

/** The server: models behind the interfaces of OpenAI, Anthropic, Ollama and llama.cpp. */
@NullMarked
@SuppressWarnings("module") // the module of the qualified export is compiled after this one
module dev.snoozy.server {
    requires static org.jspecify;
    requires transitive dev.snoozy.documents;
    requires transitive dev.snoozy.engine;
    requires transitive dev.snoozy.hub;
    requires io.netty.codec;
    requires io.netty.codec.http;
    requires io.netty.common;
    requires io.vertx.core;
    requires transitive tools.jackson.databind;

    exports dev.snoozy.server;
    exports dev.snoozy.server.generate to
            dev.snoozy.cli,
            dev.snoozy.studio;
    exports dev.snoozy.server.http;
    exports dev.snoozy.server.jobs;
    exports dev.snoozy.server.models;
}
