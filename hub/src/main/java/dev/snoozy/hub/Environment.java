package dev.snoozy.hub;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What tells where programs keep their models: variables, the user's folder, the system. Immutable.
 *
 * @param variables of the environment
 * @param home the user's folder
 * @param root of the file system
 * @param system its name, as the property {@code os.name} has it
 */
public record Environment(Map<String, String> variables, Path home, Path root, String system) {
    /** The variable that says whose folders may be looked into. */
    public static final String FOREIGN = "SNOOZY_FOREIGN";

    public Environment {
        variables = Map.copyOf(variables);
    }

    /** That of this process. */
    public static Environment here() {
        Path home = Path.of(System.getProperty("user.home", ".")).toAbsolutePath();
        Path root = home.getRoot() == null ? home : home.getRoot();
        return new Environment(System.getenv(), home, root, System.getProperty("os.name", ""));
    }

    /** Whether the system is Windows. */
    public boolean isWindows() {
        return system.toLowerCase(Locale.ROOT).contains("windows");
    }

    /** Whether the system is macOS. */
    public boolean isMac() {
        return system.toLowerCase(Locale.ROOT).contains("mac");
    }

    /** The folder that a variable names. */
    public Optional<Path> folder(String variable) {
        String value = variables.getOrDefault(variable, "").strip();
        if (value.isEmpty()) {
            return Optional.empty();
        }
        try {
            boolean inHome = value.startsWith("~/");
            return Optional.of(inHome ? home.resolve(value.substring(2)) : Path.of(value));
        } catch (InvalidPathException e) {
            return Optional.empty(); // another program's setting, which is not ours to judge
        }
    }

    /** The platform's folder for the data of programs. */
    public Path data() {
        if (isWindows()) {
            return folder("LOCALAPPDATA").orElse(home.resolve("AppData").resolve("Local"));
        }
        return isMac()
                ? home.resolve("Library").resolve("Application Support")
                : folder("XDG_DATA_HOME").orElse(home.resolve(".local").resolve("share"));
    }

    /** Where programs keep what can be fetched again, by the customs of Linux. */
    public Path cache() {
        return folder("XDG_CACHE_HOME").orElse(home.resolve(".cache"));
    }

    /**
     * The programs whose folders may be looked into, as the variable SNOOZY_FOREIGN says: {@code
     * on} (or nothing) for all, {@code off} for none, a list such as {@code ollama,jan} for these,
     * one such as {@code -ollama} for all others.
     *
     * @throws HubException if it names a program that is not known
     */
    public Set<Place> foreign() {
        Set<Place> all = EnumSet.allOf(Place.class);
        all.removeIf(place -> !place.isForeign());
        String value = variables.getOrDefault(FOREIGN, "on").strip().toLowerCase(Locale.ROOT);
        if (value.isEmpty() || value.equals("on")) {
            return all;
        }
        if (value.equals("off")) {
            return Set.of();
        }
        List<String> words = Arrays.stream(value.split("[,\\s]+")).toList();
        boolean excludes = words.stream().allMatch(word -> word.startsWith("-"));
        Set<Place> named = EnumSet.noneOf(Place.class);
        for (String word : words) {
            named.add(place(excludes ? word.substring(1) : word, all));
        }
        if (excludes) {
            all.removeAll(named);
            return all;
        }
        return named;
    }

    private static Place place(String word, Set<Place> all) {
        List<String> known = new ArrayList<>();
        for (Place place : all) {
            if (place.word().equals(word)) {
                return place;
            }
            known.add(place.word());
        }
        throw new HubException(
                "%s: found \"%s\"; expected on, off, or some of %s, each with a - before it to leave"
                                .formatted(FOREIGN, word, String.join(", ", known))
                        + " it out");
    }
}
