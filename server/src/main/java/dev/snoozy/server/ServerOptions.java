package dev.snoozy.server;

import dev.snoozy.engine.ContextPolicy;
import dev.snoozy.engine.GenerationOptions;
import dev.snoozy.server.generate.LlamaCppOptions;
import dev.snoozy.server.http.ApiKeys;
import dev.snoozy.server.http.HttpLimits;
import dev.snoozy.server.models.PoolOptions;

import java.time.Duration;
import java.util.List;

/**
 * How a server runs. Immutable.
 *
 * @param host the address to listen on; one that is not loopback demands keys
 * @param port 0 for any free one
 * @param allowedHosts names that the Host header may have, beside those of this machine
 * @param allowedOrigins sites whose pages may ask, beside those on this machine
 * @param keys of which clients must show one; none if there is none
 * @param limits what is taken from clients
 * @param pool how models are kept
 * @param generation how text is generated where a request says nothing
 * @param contextPolicy what becomes of conversations that are too long
 * @param llamaCpp what is done of llama.cpp's own interface
 * @param drainTime how long closing waits for answers in progress
 */
public record ServerOptions(
        String host,
        int port,
        List<String> allowedHosts,
        List<String> allowedOrigins,
        ApiKeys keys,
        HttpLimits limits,
        PoolOptions pool,
        GenerationOptions generation,
        ContextPolicy contextPolicy,
        LlamaCppOptions llamaCpp,
        Duration drainTime) {
    public ServerOptions {
        allowedHosts = List.copyOf(allowedHosts);
        allowedOrigins = List.copyOf(allowedOrigins);
    }

    public ServerOptions withKeys(ApiKeys wanted) {
        return new ServerOptions(
                host,
                port,
                allowedHosts,
                allowedOrigins,
                wanted,
                limits,
                pool,
                generation,
                contextPolicy,
                llamaCpp,
                drainTime);
    }

    public ServerOptions withLimits(HttpLimits wanted) {
        return new ServerOptions(
                host,
                port,
                allowedHosts,
                allowedOrigins,
                keys,
                wanted,
                pool,
                generation,
                contextPolicy,
                llamaCpp,
                drainTime);
    }

    public ServerOptions withPool(PoolOptions wanted) {
        return new ServerOptions(
                host,
                port,
                allowedHosts,
                allowedOrigins,
                keys,
                limits,
                wanted,
                generation,
                contextPolicy,
                llamaCpp,
                drainTime);
    }

    public ServerOptions withLlamaCpp(LlamaCppOptions wanted) {
        return new ServerOptions(
                host,
                port,
                allowedHosts,
                allowedOrigins,
                keys,
                limits,
                pool,
                generation,
                contextPolicy,
                wanted,
                drainTime);
    }

    public ServerOptions withDrainTime(Duration wanted) {
        return new ServerOptions(
                host,
                port,
                allowedHosts,
                allowedOrigins,
                keys,
                limits,
                pool,
                generation,
                contextPolicy,
                llamaCpp,
                wanted);
    }
}
