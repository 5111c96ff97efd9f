package dev.snoozy.hub.remote;

import dev.snoozy.hub.HubException;
import dev.snoozy.hub.files.FileNames;
import dev.snoozy.hub.files.SafeName;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The GGUF models of a repository: the files of a split one belong together, and the number format
 * is read from the name, as is the custom.
 */
public final class GgufChoice {
    /** What is taken if nobody says: the best for its size that runs everywhere comes first. */
    public static final List<String> ORDER =
            List.of(
                    "Q4_K_M",
                    "UD-Q4_K_XL",
                    "Q4_K_S",
                    "Q4_K_L",
                    "Q5_K_M",
                    "Q4_0",
                    "Q5_K_S",
                    "IQ4_XS",
                    "IQ4_NL",
                    "Q6_K",
                    "Q8_0",
                    "MXFP4",
                    "Q3_K_L",
                    "Q3_K_M",
                    "Q3_K_S",
                    "Q2_K",
                    "BF16",
                    "F16",
                    "F32");

    private GgufChoice() {}

    /**
     * The files of one model.
     *
     * @param stem of the names of its files, with their folders
     * @param quant in capital letters, "" if the name does not tell
     * @param files in order
     * @param parts how many there should be
     */
    record Candidate(String stem, String quant, List<String> files, int parts) {
        boolean isWhole() {
            return files.size() == parts;
        }

        /** What to type for it. */
        String word() {
            return quant.isEmpty() ? stem : quant;
        }

        /** The last name of the stem. */
        String lastName() {
            return stem.substring(stem.lastIndexOf('/') + 1);
        }
    }

    /** The models among the files of a repository; names that are not harmless are left out. */
    static List<Candidate> candidates(List<String> files) {
        Map<String, List<String>> byStem = new LinkedHashMap<>();
        for (String file : files.stream().sorted().toList()) {
            if (!isModel(file)) {
                continue;
            }
            String stem = FileNames.stem(file);
            int count = FileNames.part(file).map(FileNames.Part::count).orElse(1);
            byStem.computeIfAbsent(stem + "/" + count, key -> new ArrayList<>()).add(file);
        }
        List<Candidate> found = new ArrayList<>();
        byStem.forEach((key, names) -> {
            int end = key.lastIndexOf('/');
            String stem = key.substring(0, end);
            int parts = Integer.parseInt(key.substring(end + 1));
            found.add(new Candidate(stem, quant(stem), List.copyOf(names), parts));
        });
        return found;
    }

    private static boolean isModel(String file) {
        return FileNames.isModel(file)
                && !file.toLowerCase(Locale.ROOT).contains("imatrix")
                && SafeName.isPath(file);
    }

    /** The last number format that a path tells; folders tell it too. */
    static String quant(String stem) {
        return FileNames.quantization(stem.replace('/', '-')).orElse("");
    }

    /**
     * The model that a selector names, or the usual one.
     *
     * @param where the repository, for messages
     * @throws HubException if there is none, or several; the message says which there are
     */
    static Candidate choose(List<Candidate> all, Optional<String> selector, String where) {
        List<Candidate> fit =
                selector.map(text -> all.stream().filter(c -> matches(c, text)).toList())
                        .orElseGet(() -> usual(all));
        if (fit.size() == 1) {
            Candidate only = fit.getFirst();
            if (!only.isWhole()) {
                throw new HubException(
                        "%s: %s should be %d files, the repository has %d of them"
                                .formatted(where, only.stem(), only.parts(), only.files().size()));
            }
            return only;
        }
        String what = selector.map(text -> " for " + SafeName.shown(text)).orElse("");
        if (fit.isEmpty()) {
            throw new HubException(
                    "%s: found no model%s; it has %s".formatted(where, what, listed(all)));
        }
        throw new HubException(
                "%s: found several models%s; cure: %s:NAME with one of %s"
                        .formatted(where, what, where, listedByName(fit)));
    }

    private static List<Candidate> usual(List<Candidate> all) {
        if (all.size() == 1) {
            return all;
        }
        for (String quant : ORDER) {
            List<Candidate> fit = all.stream().filter(c -> c.quant().equals(quant)).toList();
            if (!fit.isEmpty()) {
                return fit;
            }
        }
        return all;
    }

    private static boolean matches(Candidate candidate, String selector) {
        String upper = selector.toUpperCase(Locale.ROOT);
        boolean byFile =
                candidate.files().stream()
                        .anyMatch(file ->
                                file.equalsIgnoreCase(selector)
                                        || file.substring(file.lastIndexOf('/') + 1)
                                                .equalsIgnoreCase(selector));
        return byFile
                || candidate.quant().equals(upper)
                || candidate.stem().equalsIgnoreCase(selector)
                || candidate.lastName().equalsIgnoreCase(selector);
    }

    private static String listed(List<Candidate> all) {
        return all.isEmpty()
                ? "no GGUF file"
                : String.join(", ", all.stream().map(Candidate::word).distinct().sorted().toList());
    }

    private static String listedByName(List<Candidate> all) {
        return String.join(
                ", ",
                all.stream()
                        .sorted(Comparator.comparing(Candidate::stem))
                        .map(Candidate::lastName)
                        .limit(40)
                        .toList());
    }
}
