package dev.snoozy.eval;

import dev.snoozy.format.Sha256;

import org.jspecify.annotations.Nullable;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * The items of a task, of a file in the layout in which the set was published: JSON lines, packed
 * with gzip or not, with their labels or with a file of labels beside.
 */
public final class TaskSet {
    private static final long LARGEST_FILE = 1L << 30;
    private static final int LONGEST_LINE = 1 << 20;

    private final Task task;
    private final Path file;
    private final String sha256;
    private final List<Question> questions;

    private TaskSet(Task task, Path file, String sha256, List<Question> questions) {
        this.task = task;
        this.file = file;
        this.sha256 = sha256;
        this.questions = List.copyOf(questions);
    }

    /** The task. */
    public Task task() {
        return task;
    }

    /** Where the items stand. */
    public Path file() {
        return file;
    }

    /** The digest of the file's bytes, in hexadecimal. */
    public String sha256() {
        return sha256;
    }

    /** Number of items. */
    public int size() {
        return questions.size();
    }

    List<Question> questions() {
        return questions;
    }

    /**
     * The words of an item.
     *
     * @param index its position in the whole set
     * @param profile by which it is put to a model
     * @return nothing if there is no such item
     */
    public Optional<ItemText> text(int index, Profile profile) {
        return questions.stream()
                .filter(question -> question.index() == index)
                .findFirst()
                .map(question -> Prompts.text(task, question, profile));
    }

    /** The first items only. */
    public TaskSet first(int count) {
        return new TaskSet(
                task, file, sha256, questions.subList(0, Math.min(count, questions.size())));
    }

    /**
     * Reads a set.
     *
     * @throws EvalException if a line is none of the task's items, with its number
     */
    public static TaskSet read(Task task, Path file) throws IOException {
        if (Files.size(file) > LARGEST_FILE) {
            throw new EvalException(
                    file + ": expected at most 1 GiB, found " + Files.size(file) + " bytes");
        }
        List<String> labels = labels(file);
        QuestionReader reader = new QuestionReader(task);
        List<Question> questions = new ArrayList<>();
        String digest =
                lines(
                        file,
                        (line, number) -> {
                            int index = questions.size();
                            String label = index < labels.size() ? labels.get(index) : "";
                            try {
                                questions.add(reader.read(line, index, label));
                            } catch (EvalException e) {
                                throw new EvalException(
                                        file + ", line " + number + ": " + e.getMessage(), e);
                            }
                        });
        if (questions.isEmpty()) {
            throw new EvalException(file + ": expected items of " + task.id() + ", found none");
        }
        return new TaskSet(task, file, digest, questions);
    }

    /** PIQA and WinoGrande were published with their labels in a file beside. */
    private static List<String> labels(Path file) throws IOException {
        String name = String.valueOf(file.getFileName()).replaceFirst("\\.jsonl?(\\.gz)?$", "");
        Path beside = file.resolveSibling(name + "-labels.lst");
        return Files.isRegularFile(beside) ? Files.readAllLines(beside) : List.of();
    }

    private interface LineReader {
        void line(String text, int number);
    }

    private static String lines(Path file, LineReader reader) throws IOException {
        MessageDigest digest = Sha256.digest();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest);
                InputStream plain = file.toString().endsWith(".gz") ? new GZIPInputStream(in) : in;
                BufferedReader lines =
                        new BufferedReader(
                                new InputStreamReader(
                                        plain,
                                        StandardCharsets.UTF_8
                                                .newDecoder()
                                                .onMalformedInput(CodingErrorAction.REPORT)))) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (line.length() > LONGEST_LINE) {
                    throw new EvalException(
                            file + ", line " + number + ": longer than " + LONGEST_LINE);
                }
                if (!line.isBlank()) {
                    reader.line(line, number);
                }
            }
            in.transferTo(OutputStream.nullOutputStream()); // the digest is of all bytes
        } catch (CharacterCodingException e) {
            throw new EvalException(file + ": expected UTF-8, found other bytes", e);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /**
     * The files of a folder that hold a task each, by what their names and their first lines say.
     *
     * @throws EvalException if there are two for one task
     */
    public static Map<Task, Path> find(Path folder) throws IOException {
        Map<Task, Path> found = new EnumMap<>(Task.class);
        List<Path> files;
        try (Stream<Path> walk = Files.walk(folder, 3)) {
            files = walk.filter(TaskSet::mayBe).sorted().toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        for (Path file : files) {
            Task task = guess(folder.relativize(file));
            if (task == null || !isOf(task, file)) {
                continue;
            }
            Path other = found.put(task, file);
            if (other != null) {
                throw new EvalException(
                        task.id()
                                + ": expected one file, found "
                                + other
                                + " and "
                                + file
                                + "; cure: name the file itself");
            }
        }
        return found;
    }

    private static boolean mayBe(Path file) {
        return file.toString().matches(".*\\.jsonl?(\\.gz)?") && Files.isRegularFile(file);
    }

    /** Training and development sets of ARC and OpenBookQA are not what is evaluated. */
    private static @Nullable Task guess(Path relative) {
        String name = relative.toString().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
        if (name.contains("train")) {
            return null;
        }
        boolean test = !name.contains("dev") && !name.contains("val");
        if (name.contains("boolq")) {
            return Task.BOOLQ;
        }
        if (name.contains("piqa") || name.contains("physicaliqa")) {
            return Task.PIQA;
        }
        if (name.contains("hellaswag")) {
            return Task.HELLASWAG;
        }
        if (name.contains("winogrande")) {
            return Task.WINOGRANDE;
        }
        if (name.contains("arc") && name.contains("easy")) {
            return test ? Task.ARC_EASY : null;
        }
        if (name.contains("arc") && name.contains("challenge")) {
            return test ? Task.ARC_CHALLENGE : null;
        }
        if (name.contains("openbookqa") || name.contains("obqa")) {
            return test ? Task.OPENBOOKQA : null;
        }
        return null;
    }

    /**
     * Whether a file's first line is an item with its answer. Test sets without answers are not.
     */
    private static boolean isOf(Task task, Path file) throws IOException {
        List<String> labels = labels(file);
        String[] first = {""};
        try {
            lines(
                    file,
                    (line, number) -> {
                        first[0] = line;
                        throw new EvalException("enough");
                    });
        } catch (EvalException e) {
            // the first line is all that is wanted
        }
        try {
            new QuestionReader(task).read(first[0], 0, labels.isEmpty() ? "" : labels.getFirst());
            return true;
        } catch (EvalException e) {
            return false;
        }
    }
}
