package dev.snoozy.server.generate;

import dev.snoozy.engine.ContextPolicy;
import dev.snoozy.engine.GenerationOptions;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.HttpProblem.Kind;
import dev.snoozy.server.http.RequestLog;
import dev.snoozy.server.models.LoadedEntry;
import dev.snoozy.server.models.ModelPool;

import java.util.Optional;

/**
 * What all dialects share. Immutable and thread-safe.
 *
 * @param pool the models
 * @param generation how text is generated where a request says nothing
 * @param contextPolicy what becomes of conversations that are too long, where a request says
 *     nothing
 * @param llamaCpp what is done of llama.cpp's own interface
 * @param log the requests of programs
 * @param demandsKeys whether keys were given at the start, so that one must be shown
 * @param documents the user's documents, if the server has them
 */
public record Service(
        ModelPool pool,
        GenerationOptions generation,
        ContextPolicy contextPolicy,
        LlamaCppOptions llamaCpp,
        RequestLog log,
        boolean demandsKeys,
        Optional<DocumentRoom> documents) {

    /**
     * The model of a lease, which must be one that writes.
     *
     * @throws HttpProblem if it makes vectors
     */
    public static LanguageModel writer(ModelPool.Lease lease) {
        if (lease.model() instanceof LoadedEntry.Writer(LanguageModel model)) {
            return model;
        }
        throw new HttpProblem(
                Kind.NOT_SUPPORTED,
                "model '" + lease.name() + "' makes embeddings and writes no text");
    }
}
