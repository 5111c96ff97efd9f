package dev.snoozy.studio.write;

import dev.snoozy.engine.AdapterMatrices;
import dev.snoozy.engine.ModelException;
import dev.snoozy.format.FormatException;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.server.models.ModelFiles;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The adapters (LoRA in GGUF) of this machine: those in the folder of models, by the names of their
 * files, and those that runs of training have made, as {@code runs/NAME}. Every call looks at the
 * folders; a file is read once for as long as it stays the same. Thread-safe.
 */
public final class AdapterFiles {
    private static final int DEPTH = 5;
    private static final String GGUF = ".gguf";
    private static final String RUNS = "runs/";

    /** What training calls the adapter of a run. */
    private static final String OF_RUN = "/adapter.gguf";

    private final Path models;
    private final Path runs;
    private final Map<ModelFiles.Entry, Integer> ranks = new ConcurrentHashMap<>();
    private final Map<Fit, String> fits = new ConcurrentHashMap<>();

    /**
     * Adapters in two folders, which need not exist.
     *
     * @param models of the user
     * @param runs of training, each in a folder of its own
     */
    public AdapterFiles(Path models, Path runs) {
        this.models = models;
        this.runs = runs;
    }

    /** An adapter beside a model. */
    private record Fit(ModelFiles.Entry adapter, ModelFiles.Entry model) {}

    /**
     * An adapter, as a model sees it.
     *
     * @param entry its name and file
     * @param rank of its matrices
     * @param why it does not fit the model, or ""
     */
    public record Choice(ModelFiles.Entry entry, int rank, String why) {}

    /** All adapters, by name. */
    public List<ModelFiles.Entry> all() {
        Map<String, ModelFiles.Entry> found = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        look(models, "", found);
        look(runs, RUNS, found);
        return List.copyOf(found.values());
    }

    /** The adapter of a name. A name is compared, never made into a path. */
    public Optional<ModelFiles.Entry> find(String name) {
        return all().stream().filter(entry -> entry.name().equals(name)).findFirst();
    }

    private void look(Path folder, String prefix, Map<String, ModelFiles.Entry> found) {
        try {
            Files.walkFileTree(
                    folder,
                    Set.of(FileVisitOption.FOLLOW_LINKS),
                    DEPTH,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult preVisitDirectory(
                                Path path, BasicFileAttributes attributes) {
                            boolean hidden = path.getFileName().toString().startsWith(".");
                            return hidden && !path.equals(folder)
                                    ? FileVisitResult.SKIP_SUBTREE
                                    : FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult visitFile(
                                Path file, BasicFileAttributes attributes) {
                            if (attributes.isRegularFile() && file.toString().endsWith(GGUF)) {
                                ModelFiles.Entry entry =
                                        entry(prefix, folder.relativize(file), file, attributes);
                                if (rank(entry) > 0) {
                                    found.putIfAbsent(entry.name(), entry);
                                }
                            }
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult visitFileFailed(Path file, IOException e) {
                            return FileVisitResult.CONTINUE; // it is gone, or nobody may read it
                        }
                    });
        } catch (IOException e) {
            throw new ModelException("cannot look for adapters in " + folder + ": " + e, e);
        }
    }

    private static ModelFiles.Entry entry(
            String prefix, Path relative, Path file, BasicFileAttributes attributes) {
        String path = prefix + relative.toString().replace('\\', '/');
        boolean ofRun = !prefix.isEmpty() && path.endsWith(OF_RUN);
        return new ModelFiles.Entry(
                path.substring(0, path.length() - (ofRun ? OF_RUN : GGUF).length()),
                file,
                attributes.size(),
                attributes.lastModifiedTime().toMillis());
    }

    /** The rank of an adapter; 0 of what is none. */
    private int rank(ModelFiles.Entry entry) {
        return ranks.computeIfAbsent(entry, AdapterFiles::readRank);
    }

    private static int readRank(ModelFiles.Entry entry) {
        try (GgufFile file = GgufFile.open(entry.file())) {
            if (!file.metadata().string("general.type", "").equals("adapter")) {
                return 0;
            }
            for (TensorInfo tensor : file.tensors()) {
                if (tensor.name().endsWith(".lora_b") && tensor.shape().size() == 2) {
                    return Math.toIntExact(tensor.shape().getFirst());
                }
            }
        } catch (IOException | FormatException | ArithmeticException e) {
            return 0; // a model that is broken is told of where the models are
        }
        return 0;
    }

    /** All adapters, and which of them fit a model. */
    public List<Choice> choices(ModelFiles.Entry model) {
        List<Choice> choices = new ArrayList<>();
        for (ModelFiles.Entry adapter : all()) {
            String why =
                    fits.computeIfAbsent(
                            new Fit(adapter, model), fit -> why(fit.adapter(), fit.model()));
            choices.add(new Choice(adapter, rank(adapter), why));
        }
        return choices;
    }

    private static String why(ModelFiles.Entry adapter, ModelFiles.Entry model) {
        try (GgufFile base = GgufFile.open(model.file())) {
            AdapterMatrices.read(adapter.file(), base);
            return "";
        } catch (IOException | FormatException | ModelException e) {
            return reason(e);
        }
    }

    /** What is wrong with an adapter, without the path of its file, which its name stands for. */
    static String reason(Exception e) {
        return e.getCause() instanceof ModelException cause
                ? String.valueOf(cause.getMessage())
                : String.valueOf(e.getMessage());
    }
}
