package dev.snoozy.cli.compress;

import dev.snoozy.cli.Printable;
import dev.snoozy.cli.Progress;
import dev.snoozy.cli.WrongUseException;
import dev.snoozy.cli.hub.HubFlags;
import dev.snoozy.cli.hub.RemoteFolder;
import dev.snoozy.compress.convert.AdapterConverter;
import dev.snoozy.compress.convert.BackConverter;
import dev.snoozy.compress.convert.ConvertOptions;
import dev.snoozy.compress.convert.Converter;
import dev.snoozy.compress.convert.GgufShards;
import dev.snoozy.compress.convert.OutputType;
import dev.snoozy.compress.convert.Verifier;
import dev.snoozy.compress.perplexity.Divergence;
import dev.snoozy.engine.LoadOptions;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;

/** {@code snoozy convert}: models between Hugging Face's form and GGUF, whole and in shards. */
@Command(
        name = "convert",
        description = "Convert a model's folder from Hugging Face to GGUF, or back.",
        footer = {
            "",
            "FROM is a folder with config.json, *.safetensors and a tokenizer; a folder of a LoRA",
            "adapter of the PEFT library; or a GGUF file, to be converted back, split or joined.",
            "If it is hf://user/repository, or user/repository and there is no such folder, the",
            "model's folder is downloaded first, and kept in the cache.",
            "",
            "Example:",
            "  snoozy convert Llama-3.2-1B/ llama-1b.gguf --type bf16 --verify",
            "  snoozy convert meta-llama/Llama-3.2-1B llama-1b.gguf",
            "  snoozy convert my-adapter/ adapter.gguf --base Llama-3.2-1B/",
            "  snoozy convert llama-1b.gguf Llama-back/",
            "  snoozy convert large.gguf parts/large --split 2GB",
            "  snoozy convert parts/large-00001-of-00004.gguf large.gguf --join"
        },
        mixinStandardHelpOptions = true)
public final class ConvertCommand implements Callable<Integer> {
    @Spec private @Nullable CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "FROM",
            description = "a folder, a GGUF file, or a repository of Hugging Face")
    private String given = "";

    @Parameters(index = "1", paramLabel = "TO", description = "what to write")
    private Path to = Path.of("");

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            description =
                    "type of the matrices: f32, f16, bf16, q8_0, or auto (default), what they are")
    private @Nullable String type;

    @Option(
            names = "--verify",
            description =
                    "compare the result with its source, computed in F32 by the scalar kernels;"
                            + " takes the disk space of the model in F32 meanwhile")
    private boolean verify;

    @Option(
            names = "--base",
            paramLabel = "MODEL",
            description = "the folder or GGUF file of the model that an adapter belongs to")
    private @Nullable Path base;

    @Option(
            names = "--split",
            paramLabel = "SIZE",
            description = "write shards of at most this size, such as 2GB or 500MB")
    private @Nullable String split;

    @Option(names = "--join", description = "write one file of all shards, given the first")
    private boolean join;

    @Option(
            names = "--pre",
            paramLabel = "NAME",
            description = "name of the pre-tokenizer, where it cannot be found out")
    private @Nullable String pre;

    @Option(
            names = "--ignore",
            paramLabel = "KEY",
            description = "a key of config.json that changes nothing; may be repeated")
    private List<String> ignored = new ArrayList<>();

    @Mixin private HubFlags hub = new HubFlags();

    private Path from = Path.of("");

    @Override
    public Integer call() throws IOException {
        PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
        from = RemoteFolder.isMeant(given) ? RemoteFolder.fetched(given, hub, err) : Path.of(given);
        boolean folder = Files.isDirectory(from);
        boolean adapter = folder && AdapterConverter.isAdapter(from);
        check(folder, adapter);
        if (split != null) {
            List<Path> shards = GgufShards.split(from, withoutEnding(to), Sizes.bytes(split));
            out().printf("wrote %d shards, the first %s%n", shards.size(), shards.getFirst());
        } else if (join) {
            GgufShards.join(from, to);
            out().println("wrote " + to);
        } else {
            print(convert(folder, adapter));
            if (verify) {
                printVerified();
            }
        }
        out().flush();
        return 0;
    }

    private void check(boolean folder, boolean adapter) {
        boolean model = folder && !adapter;
        refuse(!folder && !Files.isRegularFile(from), "no such file or folder: " + from);
        refuse(split != null && join, "expected at most one of --split and --join");
        refuse(folder && (split != null || join), "--split and --join need a GGUF file");
        refuse(verify && !model, "--verify needs a model's folder to convert");
        refuse(type != null && !folder, "--type is for folders; quantize changes a GGUF file's");
        refuse(
                (pre != null || !ignored.isEmpty()) && !model,
                "--pre and --ignore need a model's folder");
        refuse(base != null && !adapter, "--base needs the folder of an adapter");
        refuse(adapter && base == null, from + " holds an adapter: expected --base MODEL too");
    }

    private static void refuse(boolean wrong, String why) {
        if (wrong) {
            throw new WrongUseException(why);
        }
    }

    private Converter.Converted convert(boolean folder, boolean adapter) throws IOException {
        try (Progress progress = Progress.of("converting", 1)) {
            ConvertOptions options = options(progress);
            if (!folder) {
                return BackConverter.convert(from, to, options.progress());
            }
            return adapter
                    ? AdapterConverter.convert(from, Objects.requireNonNull(base), to, options)
                    : Converter.convert(from, to, options);
        }
    }

    private ConvertOptions options(Progress progress) {
        OutputType wanted = type == null ? OutputType.AUTO : OutputType.of(type);
        return new ConvertOptions(wanted, pre, Set.copyOf(ignored), progress::done);
    }

    private void print(Converter.Converted converted) {
        out().printf(
                        Locale.ROOT,
                        "wrote %s: %s, %d tensors, %s%n",
                        to,
                        converted.architecture(),
                        converted.tensors(),
                        Printable.bytes(converted.bytes()));
        converted
                .leftOut()
                .forEach((part, tensors) ->
                        out().printf(
                                        Locale.ROOT,
                                        "left out: %s*, %d tensors; the result has no place for"
                                                + " them%n",
                                        part,
                                        tensors));
    }

    private void printVerified() throws IOException {
        try (Progress progress = Progress.of("verifying", 1)) {
            int threads = LoadOptions.defaults().threads();
            Divergence found = Verifier.verify(from, to, options(progress), threads);
            out().printf(
                            Locale.ROOT,
                            "verified: mean KL divergence from the source %.2g, largest %.2g, same"
                                    + " top token %.1f %%%n",
                            Math.max(0, found.divergence().value()),
                            Math.max(0, found.largestDivergence()),
                            100 * found.sameTop().value());
        }
    }

    private static Path withoutEnding(Path path) {
        String name = String.valueOf(path.getFileName());
        return name.endsWith(".gguf")
                ? path.resolveSibling(name.substring(0, name.length() - ".gguf".length()))
                : path;
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }
}
