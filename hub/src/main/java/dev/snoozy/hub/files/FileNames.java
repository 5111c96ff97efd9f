package dev.snoozy.hub.files;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What names of GGUF files tell by custom. */
public final class FileNames {
    private static final String GGUF = ".gguf";

    /** As {@code gguf-split} of llama.cpp names the parts of a model. */
    private static final Pattern PART = Pattern.compile("(.+)-(\\d{5})-of-(\\d{5})\\.gguf");

    /** A number format between two marks, such as the end of {@code tiny-7b.Q4_K_M}. */
    private static final Pattern QUANT =
            Pattern.compile(
                    "(?:^|[-._])((?:UD-)?(?:I?Q\\d(?:_[A-Z0-9]{1,3})*|TQ\\d_\\d|MXFP4|BF16|F16|F32))"
                            + "(?=$|[-._])");

    private FileNames() {}

    /**
     * A part of a split model.
     *
     * @param stem what the names of all parts begin with
     * @param number from 1 on
     * @param count of all parts
     */
    public record Part(String stem, int number, int count) {}

    /** The last name of a path. */
    public static String of(Path path) {
        return String.valueOf(path.getFileName());
    }

    /** Whether a file is a model by its name: not the projector of images beside one. */
    public static boolean isModel(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(GGUF) && !lower.contains("mmproj") && !lower.startsWith(".");
    }

    /** Which part of a split model a file is, if it is one. */
    public static Optional<Part> part(String name) {
        Matcher matcher = PART.matcher(name);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        return Optional.of(
                new Part(
                        matcher.group(1),
                        Integer.parseInt(matcher.group(2)),
                        Integer.parseInt(matcher.group(3))));
    }

    /** A name without its ending and the number of its part. */
    public static String stem(String name) {
        Optional<Part> part = part(name);
        if (part.isPresent()) {
            return part.get().stem();
        }
        return name.toLowerCase(Locale.ROOT).endsWith(GGUF)
                ? name.substring(0, name.length() - GGUF.length())
                : name;
    }

    /** The number format that the stem of a name tells, in capital letters. */
    public static Optional<String> quantization(String stem) {
        Matcher matcher = QUANT.matcher(stem.toUpperCase(Locale.ROOT));
        String last = null;
        int from = 0;
        while (matcher.find(from)) {
            last = matcher.group(1);
            from = matcher.end(1);
        }
        return Optional.ofNullable(last);
    }
}
