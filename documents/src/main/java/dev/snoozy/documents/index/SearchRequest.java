package dev.snoozy.documents.index;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What is looked for, and where. Immutable; {@link #of} makes one and the {@code with} methods
 * changed copies.
 *
 * @param question words, or a whole question
 * @param count of passages at most, at least 1
 * @param method which of words and vectors find passages
 * @param below files or folders in which a document must lie; none for all
 * @param endings that a file's name must have, without the dot; none for all
 * @param since when a file must have been changed at the earliest
 * @param until when a file must have been changed at the latest
 */
public record SearchRequest(
        String question,
        int count,
        Method method,
        List<Path> below,
        List<String> endings,
        Optional<Instant> since,
        Optional<Instant> until) {
    /** How passages are found. */
    public enum Method {
        /** By words and by vectors, as far as there are any, fused. */
        HYBRID,
        /** By words alone (BM25). */
        WORDS,
        /** By vectors alone. */
        VECTORS
    }

    public SearchRequest {
        Objects.requireNonNull(question, "question");
        Objects.requireNonNull(method, "method");
        Objects.requireNonNull(since, "since");
        Objects.requireNonNull(until, "until");
        if (count < 1 || count > 1000) {
            throw new IllegalArgumentException("count: expected 1 to 1000, found " + count);
        }
        below = below.stream().map(p -> p.toAbsolutePath().normalize()).toList();
        endings = List.copyOf(endings);
    }

    /** The best passages of all documents. */
    public static SearchRequest of(String question, int count) {
        return new SearchRequest(
                question,
                count,
                Method.HYBRID,
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty());
    }

    public SearchRequest withQuestion(String wanted) {
        return new SearchRequest(wanted, count, method, below, endings, since, until);
    }

    public SearchRequest withCount(int wanted) {
        return new SearchRequest(question, wanted, method, below, endings, since, until);
    }

    public SearchRequest withMethod(Method wanted) {
        return new SearchRequest(question, count, wanted, below, endings, since, until);
    }

    public SearchRequest withBelow(List<Path> places) {
        return new SearchRequest(question, count, method, places, endings, since, until);
    }

    public SearchRequest withEndings(List<String> wanted) {
        return new SearchRequest(question, count, method, below, wanted, since, until);
    }

    public SearchRequest withTimes(Optional<Instant> from, Optional<Instant> to) {
        return new SearchRequest(question, count, method, below, endings, from, to);
    }
}
