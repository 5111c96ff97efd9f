package dev.snoozy.server.models;

import dev.snoozy.hub.PullListener;
import dev.snoozy.server.http.HttpProblem;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/** The models that may be asked for, and what may be done to them. Thread-safe. */
public interface ModelFiles {
    /**
     * A model that is there.
     *
     * @param name what clients call it
     * @param file where it lies, which clients are never told
     * @param bytes its size
     * @param modified when it was last changed, in seconds since 1970
     */
    record Entry(String name, Path file, long bytes, long modified) {}

    /** All models, in the order in which they are shown. */
    List<Entry> all();

    /** The model of a name. A name is compared, never made into a path. */
    default Optional<Entry> find(String name) {
        return all().stream().filter(entry -> entry.name().equals(name)).findFirst();
    }

    /**
     * What removes a model, which then is not in use.
     *
     * @throws HttpProblem if this model may not be removed here
     */
    default Runnable removal(Entry entry) {
        throw unchangeable();
    }

    /**
     * Gives a model another name.
     *
     * @throws HttpProblem if this may not be done here, or the name is none or taken
     */
    default Entry copy(Entry from, String to) {
        throw unchangeable();
    }

    /** Fetches a model from the network. */
    @FunctionalInterface
    interface Fetch {
        /**
         * Does it; may be interrupted, and then goes on the next time.
         *
         * @throws HttpProblem if it cannot be had
         */
        void run(PullListener listener) throws InterruptedException;
    }

    /**
     * What fetches a model from the network.
     *
     * @param reference {@code ollama://name:tag} or {@code hf://user/repository:QUANT}
     * @throws HttpProblem if this server may not
     */
    default Fetch fetch(String reference) {
        throw new HttpProblem(
                HttpProblem.Kind.FORBIDDEN,
                "this server asks nobody on the network for models; cure: start it with"
                        + " --allow-pull, or fetch the model with snoozy pull");
    }

    /** A model that lies elsewhere on this machine, and can be taken among these. */
    interface Import {
        /** What it will be called. */
        String name();

        /** Bytes of its files. */
        long bytes();

        /**
         * Takes it; may be interrupted, and then leaves nothing.
         *
         * @param progress is told the bytes that are copied, if they are
         * @throws HttpProblem if that fails
         */
        void run(LongConsumer progress) throws InterruptedException;
    }

    /**
     * What takes a model that lies elsewhere on this machine among these.
     *
     * @param file of the model, or a folder that has no other
     * @param name that it gets; "" for one after its file
     * @param copies whether its files are copied; else they are used where they are
     * @throws HttpProblem if this may not be done here, it is no sound model, or the name is none
     *     or taken
     */
    default Import importing(Path file, String name, boolean copies) {
        throw unchangeable();
    }

    /** Models that nobody may change. */
    private static HttpProblem unchangeable() {
        return new HttpProblem(HttpProblem.Kind.FORBIDDEN, "the models of this server are fixed");
    }
}
