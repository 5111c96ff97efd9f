package dev.snoozy.langchain4j;

import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import dev.snoozy.engine.ChatReply;
import dev.snoozy.engine.Timings;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Objects;

/** What is known of an answer beside its text. Immutable. */
public final class SnoozyChatResponseMetadata extends ChatResponseMetadata {
    private final long seed;
    private final int cachedTokens;
    private final Timings timings;
    private final int droppedMessages;
    private final List<String> warnings;

    private SnoozyChatResponseMetadata(Builder builder) {
        super(builder);
        seed = builder.seed;
        cachedTokens = builder.cachedTokens;
        timings = Objects.requireNonNull(builder.timings, "timings");
        droppedMessages = builder.droppedMessages;
        warnings = builder.warnings;
    }

    static Builder of(ChatReply reply) {
        Builder builder = new Builder();
        builder.seed = reply.generation().seed();
        builder.cachedTokens = reply.usage().cachedTokens();
        builder.timings = reply.generation().timings();
        builder.droppedMessages = reply.droppedMessages();
        builder.warnings = reply.warnings();
        return builder;
    }

    /** What the sampler started from; the same seed gives the same answer again. */
    public long seed() {
        return seed;
    }

    /** Tokens of the prompt that were still in memory and were not evaluated again. */
    public int cachedTokens() {
        return cachedTokens;
    }

    /** How long it took. */
    public Timings timings() {
        return timings;
    }

    /** How many of the oldest messages the model has not seen, because they did not fit. */
    public int droppedMessages() {
        return droppedMessages;
    }

    /** What was not as one might think, such as a model without a chat template. */
    public List<String> warnings() {
        return warnings;
    }

    @Override
    public Builder toBuilder() {
        Builder builder = new Builder();
        toBuilder(builder);
        builder.seed = seed;
        builder.cachedTokens = cachedTokens;
        builder.timings = timings;
        builder.droppedMessages = droppedMessages;
        builder.warnings = warnings;
        return builder;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return super.equals(other)
                && other instanceof SnoozyChatResponseMetadata that
                && seed == that.seed
                && cachedTokens == that.cachedTokens
                && timings.equals(that.timings)
                && droppedMessages == that.droppedMessages
                && warnings.equals(that.warnings);
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                super.hashCode(), seed, cachedTokens, timings, droppedMessages, warnings);
    }

    @Override
    public String toString() {
        return "SnoozyChatResponseMetadata{"
                + super.toString()
                + ", seed="
                + seed
                + ", cachedTokens="
                + cachedTokens
                + ", timings="
                + timings
                + ", droppedMessages="
                + droppedMessages
                + ", warnings="
                + warnings
                + '}';
    }

    /** Makes a copy with another id, model name, usage or finish reason. */
    public static final class Builder extends ChatResponseMetadata.Builder<Builder> {
        private long seed;
        private int cachedTokens;
        private @Nullable Timings timings;
        private int droppedMessages;
        private List<String> warnings = List.of();

        private Builder() {}

        @Override
        public SnoozyChatResponseMetadata build() {
            return new SnoozyChatResponseMetadata(this);
        }
    }
}
