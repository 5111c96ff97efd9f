package dev.snoozy.curate.recipe;

import dev.snoozy.curate.dedup.DuplicateRule;
import dev.snoozy.curate.dedup.SemanticDuplicates;
import dev.snoozy.curate.filter.FilterKind;
import dev.snoozy.curate.filter.Thresholds;

import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a curation does. Immutable.
 *
 * @param inputs the files, whose order does not matter
 * @param filters those that are used, with their settings
 * @param decontaminate files of evaluation sets
 * @param marks rows to remove, as the page of a map exported them
 * @param validation share of the rows that is held back, 0 to 0.5
 * @param map what the map shows
 */
public record Recipe(
        List<Input> inputs,
        Map<FilterKind, Thresholds> filters,
        Deduplication duplicates,
        List<Path> decontaminate,
        Optional<Path> marks,
        double validation,
        Mapping map) {
    private static final int MAP_ROWS = 20_000;
    private static final double MOST_VALIDATION = 0.5;

    /**
     * A file or a folder of files.
     *
     * @param source name of the source of rows that name none; empty for the name of the file
     * @param licence of rows that name none
     * @param weight share of the rows that is taken, up to 1; above it rows are repeated
     */
    public record Input(Path path, String source, String licence, double weight) {
        private static final double MOST = 100;

        public Input {
            if (!(weight > 0 && weight <= MOST)) {
                throw new IllegalArgumentException(
                        "weight: " + weight + ", expected above 0 to " + (int) MOST);
            }
        }
    }

    /**
     * What the map shows.
     *
     * @param rows how many at most, 0 for no map
     * @param loss a model whose loss on each response the map can be coloured by
     */
    public record Mapping(int rows, Optional<Path> loss) {
        public Mapping {
            if (rows < 0) {
                throw new IllegalArgumentException("map rows: " + rows + ", expected 0 or more");
            }
        }
    }

    /**
     * Which duplicates are removed.
     *
     * @param exact rows with the same normalised texts
     * @param near the rule for near ones, which takes exact ones along
     * @param semantic by vectors, for what is left
     */
    public record Deduplication(
            boolean exact, Optional<DuplicateRule> near, Optional<Semantic> semantic) {}

    /**
     * Duplicates by meaning.
     *
     * @param cutoff largest cosine distance
     * @param model an embedding model; without one, vectors of words and pairs of words
     * @param terms a stored table of terms for such vectors; without one, that of these rows
     */
    public record Semantic(float cutoff, Optional<Path> model, Optional<Path> terms) {
        /** Without a model, at the usual distance. */
        public static final Semantic DEFAULT =
                new Semantic(SemanticDuplicates.CUTOFF, Optional.empty(), Optional.empty());

        public Semantic {
            if (!(cutoff >= 0 && cutoff <= 1)) {
                throw new IllegalArgumentException("cutoff: " + cutoff + ", expected 0 to 1");
            }
        }
    }

    public Recipe {
        inputs = List.copyOf(inputs);
        filters = Collections.unmodifiableMap(copy(filters));
        decontaminate = List.copyOf(decontaminate);
        if (!(validation >= 0 && validation <= MOST_VALIDATION)) {
            throw new IllegalArgumentException(
                    "validation: " + validation + ", expected 0 to " + MOST_VALIDATION);
        }
    }

    private static Map<FilterKind, Thresholds> copy(Map<FilterKind, Thresholds> filters) {
        Map<FilterKind, Thresholds> copy = new EnumMap<>(FilterKind.class);
        copy.putAll(filters);
        return copy;
    }

    /** The usual filters and duplicates for some files, with nothing held back. */
    public static Recipe of(List<Path> files) {
        Map<FilterKind, Thresholds> filters = new EnumMap<>(FilterKind.class);
        for (FilterKind kind : FilterKind.values()) {
            if (kind.usual()) {
                filters.put(kind, kind.defaults());
            }
        }
        return new Recipe(
                files.stream().map(file -> new Input(file, "", "", 1)).toList(),
                filters,
                new Deduplication(true, Optional.of(DuplicateRule.DEFAULT), Optional.empty()),
                List.of(),
                Optional.empty(),
                0,
                new Mapping(MAP_ROWS, Optional.empty()));
    }

    /** The same with other evaluation sets. */
    public Recipe withDecontaminate(List<Path> files) {
        return new Recipe(inputs, filters, duplicates, files, marks, validation, map);
    }

    /** The same with another share held back. */
    public Recipe withValidation(double share) {
        return new Recipe(inputs, filters, duplicates, decontaminate, marks, share, map);
    }

    /** The same with another number of rows on the map. */
    public Recipe withMapRows(int rows) {
        return withMap(new Mapping(rows, map.loss()));
    }

    /** The same with another map. */
    public Recipe withMap(Mapping other) {
        return new Recipe(inputs, filters, duplicates, decontaminate, marks, validation, other);
    }

    /** The same with other filters. */
    public Recipe withFilters(Map<FilterKind, Thresholds> other) {
        return new Recipe(inputs, other, duplicates, decontaminate, marks, validation, map);
    }

    /** The same with other duplicates. */
    public Recipe withDuplicates(Deduplication other) {
        return new Recipe(inputs, filters, other, decontaminate, marks, validation, map);
    }
}
