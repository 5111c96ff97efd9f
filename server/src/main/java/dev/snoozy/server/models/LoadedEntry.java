package dev.snoozy.server.models;

import dev.snoozy.engine.EmbeddingModel;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.SchedulerStatistics;
import dev.snoozy.format.Metadata;
import dev.snoozy.text.tokenizer.Tokenizer;

/** What a file turned out to be when it was loaded. */
public sealed interface LoadedEntry extends AutoCloseable {
    /** A model that writes. */
    record Writer(LanguageModel model) implements LoadedEntry {
        @Override
        public Tokenizer tokenizer() {
            return model.tokenizer();
        }

        @Override
        public SchedulerStatistics statistics() {
            return model.statistics();
        }

        @Override
        public Metadata metadata() {
            return model.metadata();
        }

        @Override
        public int contextLength() {
            return model.contextLength();
        }

        @Override
        public void close() {
            model.close();
        }
    }

    /** A model that makes vectors. */
    record Embedder(EmbeddingModel model) implements LoadedEntry {
        @Override
        public Tokenizer tokenizer() {
            return model.tokenizer();
        }

        @Override
        public SchedulerStatistics statistics() {
            return model.statistics();
        }

        @Override
        public Metadata metadata() {
            return model.metadata();
        }

        @Override
        public int contextLength() {
            return model.contextLength();
        }

        @Override
        public void close() {
            model.close();
        }
    }

    Tokenizer tokenizer();

    /** What the model is at, and what it has done. */
    SchedulerStatistics statistics();

    Metadata metadata();

    int contextLength();

    @Override
    void close();
}
