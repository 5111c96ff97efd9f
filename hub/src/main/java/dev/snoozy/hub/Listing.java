package dev.snoozy.hub;

import java.util.List;

/**
 * What a look into folders of models has found.
 *
 * @param models those that can be used, in the order in which they are shown
 * @param skipped what looks like a model and cannot be used, with the reasons
 */
public record Listing(List<StoredModel> models, List<SkippedFile> skipped) {
    /** Nothing. */
    static final Listing EMPTY = new Listing(List.of(), List.of());

    public Listing {
        models = List.copyOf(models);
        skipped = List.copyOf(skipped);
    }
}
