package dev.snoozy.cli.conformance;

import dev.snoozy.cli.CacheFlags;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.kernels.CacheType;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;

/** {@code snoozy conformance}: the engine against outside facts. */
@Command(
        name = "conformance",
        description = "Check the engine against outside facts.",
        footer = {"", "Example:", "  snoozy conformance logits golden/arch --name 'llama-*'"},
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "KIND",
        subcommands = {
            ConformanceCommand.Logits.class,
            ConformanceCommand.TokenizerKind.class,
            ConformanceCommand.Template.class,
            ConformanceCommand.Gguf.class,
            ConformanceCommand.Docs.class
        })
public final class ConformanceCommand implements Runnable {
    @Spec private @Nullable CommandSpec spec;

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "print all figures as JSON")
    private boolean json;

    @Override
    public void run() {
        CommandSpec own = Objects.requireNonNull(spec);
        throw new ParameterException(
                own.commandLine(),
                "expected what to check: logits, tokenizer, template, gguf or docs");
    }

    private Report report() {
        return new Report(Objects.requireNonNull(spec).commandLine().getOut(), json);
    }

    @Command(
            name = "logits",
            description = "Networks against logits and embeddings of an outside engine.",
            footer = {"", "Example:", "  snoozy conformance logits golden/arch --arch 'gemma*'"},
            mixinStandardHelpOptions = true)
    static final class Logits implements Callable<Integer> {
        @ParentCommand private @Nullable ConformanceCommand parent;

        @Parameters(
                arity = "1..*",
                paramLabel = "FILE|DIR",
                description = "goldens, references, models beside them, or folders of these")
        private List<Path> places = List.of();

        @Option(names = "--name", paramLabel = "GLOB", description = "only cases of this name")
        private @Nullable String name;

        @Option(names = "--arch", paramLabel = "GLOB", description = "only these architectures")
        private @Nullable String architecture;

        @Option(
                names = "--activations",
                paramLabel = "KIND",
                defaultValue = "reference",
                description =
                        "what weights are multiplied with: reference, as where the facts were"
                                + " computed; f32; or 8bit, where the kernels of this machine do"
                                + " so")
        private String activations = "reference";

        @Mixin private CacheFlags cache = new CacheFlags();

        @Override
        public Integer call() throws IOException {
            ActivationKind kind = ActivationKind.of(activations);
            Report report = Objects.requireNonNull(parent).report();
            // The references were made with a cache of F32; what one of F16 adds is told on demand.
            LoadOptions exact =
                    LoadOptions.defaults()
                            .withPrecision(kind.precision())
                            .withCacheType(CacheType.F32);
            LoadOptions load = cache.of(exact);
            new LogitsConformance(report, name, architecture, kind, load).check(places);
            return report.finish();
        }
    }

    @Command(
            name = "tokenizer",
            description = "Tokenizers against ids of outside implementations.",
            footer = {"", "Example:", "  snoozy conformance tokenizer cases --vocab vocab"},
            mixinStandardHelpOptions = true)
    static final class TokenizerKind implements Callable<Integer> {
        @ParentCommand private @Nullable ConformanceCommand parent;

        @Parameters(
                arity = "1..*",
                paramLabel = "DIR",
                description = "folders with .jsonl.gz files or pairs of .inp and .out")
        private List<Path> places = List.of();

        @Option(
                names = "--vocab",
                arity = "1..*",
                paramLabel = "FILE|DIR",
                description = "where the vocabularies lie (default: the same folders)")
        private List<Path> vocabularies = List.of();

        @Override
        public Integer call() throws IOException {
            Report report = Objects.requireNonNull(parent).report();
            List<Path> where = vocabularies.isEmpty() ? places : vocabularies;
            new TokenizerConformance(report, where).check(places);
            return report.finish();
        }
    }

    @Command(
            name = "template",
            description = "Chat templates against what Jinja2 renders.",
            footer = {"", "Example:", "  snoozy conformance template chat"},
            mixinStandardHelpOptions = true)
    static final class Template implements Callable<Integer> {
        @ParentCommand private @Nullable ConformanceCommand parent;

        @Parameters(
                arity = "1..*",
                paramLabel = "DIR",
                description = "folders with cases.jsonl.gz or language.jsonl.gz")
        private List<Path> places = List.of();

        @Option(
                names = "--templates",
                arity = "1..*",
                paramLabel = "DIR",
                description = "where NAME.jinja lie (default: the folder templates beside)")
        private List<Path> templates = List.of();

        @Override
        public Integer call() throws IOException {
            Report report = Objects.requireNonNull(parent).report();
            new TemplateConformance(report, templates).check(places);
            return report.finish();
        }
    }

    @Command(
            name = "gguf",
            description = "Broken GGUF files: refused with a clear message, never a crash.",
            footer = {"", "Example:", "  snoozy conformance gguf gguf-bad"},
            mixinStandardHelpOptions = true)
    static final class Gguf implements Callable<Integer> {
        @ParentCommand private @Nullable ConformanceCommand parent;

        @Parameters(paramLabel = "DIR", description = "folder with index.json and files.zip")
        private Path folder = Path.of(".");

        @Override
        public Integer call() throws IOException {
            Report report = Objects.requireNonNull(parent).report();
            new GgufConformance(report).check(folder);
            return report.finish();
        }
    }

    @Command(
            name = "docs",
            description = "The text of documents against words that another program found.",
            footer = {"", "Example:", "  snoozy conformance docs docs"},
            mixinStandardHelpOptions = true)
    static final class Docs implements Callable<Integer> {
        @ParentCommand private @Nullable ConformanceCommand parent;

        @Parameters(paramLabel = "DIR", description = "folder with expected.json and documents")
        private Path folder = Path.of(".");

        @Override
        public Integer call() throws IOException {
            Report report = Objects.requireNonNull(parent).report();
            new DocumentsConformance(report).check(folder);
            return report.finish();
        }
    }
}
