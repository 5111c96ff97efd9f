package dev.snoozy.cli.hub;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

import dev.snoozy.cli.Printable;
import dev.snoozy.cli.TextTable;
import dev.snoozy.hub.Listing;
import dev.snoozy.hub.ModelHeader;
import dev.snoozy.hub.ModelLibrary;
import dev.snoozy.hub.Origin;
import dev.snoozy.hub.SkippedFile;
import dev.snoozy.hub.StoredFile;
import dev.snoozy.hub.StoredModel;

import org.jspecify.annotations.Nullable;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** What {@code list} says; {@code --json} prints it as it is. */
record ListReport(List<Entry> models, List<Skipped> skipped) {
    private static final int LONGEST_NAME = 60;
    private static final int LONGEST_REASON = 200;

    /** A model. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Entry(
            String name,
            long bytes,
            String modified,
            String place,
            @Nullable From origin,
            String architecture,
            String quantization,
            long parameters,
            @JsonProperty("context_length") int contextLength,
            long memory,
            @Nullable Boolean fits,
            @Nullable String problem,
            List<File> files) {}

    /** A file of a model. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record File(String path, long bytes, @Nullable String sha256) {}

    /** Where a model came from. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record From(String source, String reference, @Nullable String revision) {}

    /** Something that cannot be used. */
    record Skipped(String path, String place, String reason) {}

    /** What there is, with the headers of all models. */
    static ListReport of(ModelLibrary library) {
        Listing listing = library.listing();
        Fitness fitness = new Fitness();
        List<Entry> models = new ArrayList<>();
        for (StoredModel model : listing.models()) {
            models.add(entry(model, library.header(model), fitness));
        }
        library.saveHeaders();
        List<Skipped> skipped = new ArrayList<>();
        for (SkippedFile file : listing.skipped()) {
            skipped.add(new Skipped(file.file().toString(), file.place().word(), file.reason()));
        }
        return new ListReport(models, skipped);
    }

    private static Entry entry(StoredModel model, ModelHeader header, Fitness fitness) {
        List<File> files = new ArrayList<>();
        for (StoredFile file : model.files()) {
            files.add(new File(file.file().toString(), file.bytes(), file.sha256()));
        }
        Origin origin = model.origin();
        return new Entry(
                model.name(),
                model.bytes(),
                model.modified().toString(),
                model.place().word(),
                origin == null
                        ? null
                        : new From(origin.source(), origin.reference(), origin.revision()),
                header.architecture(),
                header.quantization(),
                header.parameters(),
                header.contextLength(),
                header.memory(),
                fitness.of(header),
                header.problem(),
                files);
    }

    /** Prints a table, and what was skipped if that is wanted. */
    void print(PrintWriter out, boolean all) {
        if (models.isEmpty()) {
            out.println("no models");
        } else {
            table().print(out);
        }
        for (Entry model : models) {
            if (model.problem() != null) {
                out.printf("%s: %s%n", name(model), text(model.problem()));
            }
        }
        if (all) {
            for (Skipped file : skipped) {
                out.printf(
                        "skipped (%s): %s: %s%n",
                        file.place(), text(file.path()), text(file.reason()));
            }
        } else if (!skipped.isEmpty()) {
            out.printf("%d more cannot be used; snoozy list --all says why%n", skipped.size());
        }
    }

    private TextTable table() {
        TextTable table =
                new TextTable("NAME", "SIZE", "QUANT", "WEIGHTS", "CONTEXT", "FITS", "FROM");
        for (Entry model : models) {
            table.row(
                    name(model),
                    Printable.bytes(model.bytes()),
                    or(Printable.text(model.quantization(), LONGEST_NAME)),
                    model.parameters() == 0 ? "-" : Printable.count(model.parameters()),
                    model.contextLength() == 0 ? "-" : Integer.toString(model.contextLength()),
                    model.problem() != null ? "broken" : fits(model.fits()),
                    model.origin() == null || model.origin().source().equals(model.place())
                            ? model.place()
                            : model.place() + " (" + text(model.origin().source()) + ")");
        }
        return table;
    }

    private static String fits(@Nullable Boolean fits) {
        if (fits == null) {
            return "-";
        }
        return fits ? "yes" : "no";
    }

    private static String name(Entry model) {
        return Printable.text(model.name(), LONGEST_NAME);
    }

    private static String text(String text) {
        return Printable.text(text, LONGEST_REASON);
    }

    private static String or(String text) {
        return text.isEmpty() ? "-" : text;
    }
}
