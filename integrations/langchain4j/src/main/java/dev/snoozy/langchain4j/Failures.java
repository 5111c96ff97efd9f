package dev.snoozy.langchain4j;

import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.snoozy.engine.ContextExceededException;
import dev.snoozy.engine.ModelException;
import dev.snoozy.text.TextException;

import java.util.function.Supplier;

/** The engine's exceptions as those of LangChain4j, whose types say whether to try again. */
final class Failures {
    private Failures() {}

    /** Does something at the request, in which every fault is the request's. */
    static <T> T ofRequest(Supplier<T> work) {
        try {
            return work.get();
        } catch (ModelException | IllegalArgumentException | TextException e) {
            throw new InvalidRequestException(e.getMessage(), e);
        }
    }

    /** Computes; the request is sound, unless it turns out to be too long. */
    static <T> T ofModel(Supplier<T> work) {
        try {
            return work.get();
        } catch (ContextExceededException e) {
            throw new InvalidRequestException(e.getMessage(), e);
        } catch (ModelException e) {
            throw e.getCause() instanceof InterruptedException
                    ? new LangChain4jException(e.getMessage(), e)
                    : new InternalServerException(e.getMessage(), e);
        }
    }

    /** Something that this integration does not do, by its name. */
    static UnsupportedFeatureException unsupported(String what, String cure) {
        return new UnsupportedFeatureException(what + " not supported; cure: " + cure);
    }
}
