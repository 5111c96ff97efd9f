package dev.snoozy.hub.files;

import dev.snoozy.hub.HubException;
import dev.snoozy.hub.StoredModel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Finds a model by its name: the whole name, or a short form that only one model has. Names are
 * compared, never made into paths.
 */
public final class ShortNames {
    private static final String LATEST = ":latest";

    private ShortNames() {}

    /**
     * The model that is meant. Several names of one file count once.
     *
     * @throws HubException if it may be one of several; the message names them
     */
    public static Optional<StoredModel> find(String name, List<StoredModel> models) {
        return only(name, distinct(candidates(name, models)));
    }

    /** The same, where it matters which of several names of one file is meant. */
    public static Optional<StoredModel> findName(String name, List<StoredModel> models) {
        return only(name, candidates(name, models));
    }

    private static Optional<StoredModel> only(String name, List<StoredModel> found) {
        if (found.size() < 2) {
            return found.stream().findFirst();
        }
        List<String> names = found.stream().map(StoredModel::name).toList();
        throw new HubException(
                "\"%s\" may be %s; cure: give one of these names"
                        .formatted(name, String.join(" or ", names)));
    }

    /** Those that may be meant. */
    public static List<StoredModel> candidates(String name, List<StoredModel> models) {
        String wanted = lower(name);
        List<Predicate<StoredModel>> rules =
                List.of(
                        model -> model.name().equals(name),
                        model -> lower(model.name()).equals(wanted),
                        model -> lower(model.name()).equals(wanted + LATEST),
                        model -> forms(model).contains(wanted));
        for (Predicate<StoredModel> rule : rules) {
            List<StoredModel> found = models.stream().filter(rule).toList();
            if (!found.isEmpty()) {
                return found;
            }
        }
        return List.of();
    }

    private static List<StoredModel> distinct(List<StoredModel> models) {
        List<StoredModel> distinct = new ArrayList<>();
        for (StoredModel model : models) {
            if (distinct.stream().noneMatch(other -> isSame(other.file(), model.file()))) {
                distinct.add(model);
            }
        }
        return distinct;
    }

    private static boolean isSame(Path a, Path b) {
        try {
            return a.equals(b) || Files.isSameFile(a, b);
        } catch (IOException e) {
            return false; // one of them was removed meanwhile
        }
    }

    /** The short forms of a model, in small letters. */
    static Set<String> forms(StoredModel model) {
        String name = model.name();
        String withoutTag = withoutTag(name);
        String repository = withoutPublisher(withoutTag);
        String stem = FileNames.stem(FileNames.of(model.file()));
        Set<String> forms = new TreeSet<>();
        forms.add(lower(withoutPublisher(name)));
        forms.add(lower(withoutTag));
        forms.add(lower(repository));
        forms.add(lower(stem));
        FileNames.quantization(stem)
                .ifPresent(quantization -> {
                    forms.add(lower(withoutTag + ":" + quantization));
                    forms.add(lower(repository + ":" + quantization));
                });
        return forms;
    }

    private static String withoutPublisher(String name) {
        return name.substring(name.lastIndexOf('/') + 1);
    }

    private static String withoutTag(String name) {
        int colon = name.indexOf(':', name.lastIndexOf('/') + 1);
        return colon < 0 ? name : name.substring(0, colon);
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
