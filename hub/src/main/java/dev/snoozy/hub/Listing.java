package dev.snoozy.hub;

import dev.snoozy.hub.files.ShortNames;

import java.util.List;
import java.util.Optional;

/**
 * What a look into folders of models has found.
 *
 * @param models those that can be used, in the order in which they are shown
 * @param skipped what looks like a model and cannot be used, with the reasons
 */
public record Listing(List<StoredModel> models, List<SkippedFile> skipped) {
    /** Nothing. */
    public static final Listing EMPTY = new Listing(List.of(), List.of());

    public Listing {
        models = List.copyOf(models);
        skipped = List.copyOf(skipped);
    }

    /**
     * The model of a name: the whole name, a short form that only one model of a place has, or
     * {@code PLACE:NAME}. Places are tried in their order.
     *
     * @throws HubException if several models of one place have it; the message names them
     */
    public Optional<StoredModel> find(String name) {
        for (Place place : Place.values()) {
            List<StoredModel> shelf = models.stream().filter(m -> m.place() == place).toList();
            Optional<StoredModel> found = ShortNames.find(name, shelf);
            if (found.isEmpty() && name.startsWith(place.word() + ":")) {
                found = ShortNames.find(name.substring(place.word().length() + 1), shelf);
            }
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }
}
