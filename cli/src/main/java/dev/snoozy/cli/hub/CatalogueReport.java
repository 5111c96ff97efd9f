package dev.snoozy.cli.hub;

import com.fasterxml.jackson.annotation.JsonProperty;

import dev.snoozy.cli.MemoryReckoning;
import dev.snoozy.cli.Printable;
import dev.snoozy.cli.TextTable;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.format.AvailableMemory;
import dev.snoozy.format.GgufHeader;
import dev.snoozy.hub.Catalogue;
import dev.snoozy.hub.CatalogueEntry;

import org.jspecify.annotations.Nullable;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** What {@code list --catalogue} says; {@code --json} prints it as it is. */
record CatalogueReport(List<Model> models) {
    /** A model that can be had. */
    record Model(
            String repository,
            String title,
            String license,
            List<String> purposes,
            long parameters,
            @JsonProperty("context_length") int contextLength,
            List<Offer> quantizations) {}

    /**
     * A number format of it.
     *
     * @param reference by which it is pulled
     * @param bytes of its file, about
     * @param memory bytes for a chat of usual length, about; 0 if that is unknown
     * @param fits into the memory that is free now; null if that is unknown
     */
    record Offer(String name, String reference, long bytes, long memory, @Nullable Boolean fits) {}

    /** The catalogue, judged by this machine. */
    static CatalogueReport here() {
        OptionalLong free = AvailableMemory.here();
        List<Model> models = new ArrayList<>();
        for (CatalogueEntry entry : Catalogue.entries()) {
            List<Offer> offers = new ArrayList<>();
            for (CatalogueEntry.Quantization each : entry.quantizations()) {
                offers.add(offer(entry, each, free));
            }
            models.add(
                    new Model(
                            entry.repository(),
                            entry.title(),
                            entry.license(),
                            entry.purposes(),
                            entry.parameters(),
                            entry.contextLength(),
                            offers));
        }
        return new CatalogueReport(models);
    }

    private static Offer offer(
            CatalogueEntry entry, CatalogueEntry.Quantization quantization, OptionalLong free) {
        GgufHeader header = entry.header(quantization);
        long memory =
                MemoryReckoning.of(header.metadata(), header.tensors(), LoadOptions.defaults())
                        .map(need -> MemoryReckoning.usual(need.ofSize(quantization.bytes())))
                        .orElse(0L);
        Boolean fits =
                (memory == 0 || free.isEmpty())
                        ? null
                        : Boolean.valueOf(memory <= free.getAsLong());
        return new Offer(
                quantization.name(),
                entry.reference(quantization),
                quantization.bytes(),
                memory,
                fits);
    }

    /** Prints a table of the number formats. */
    void print(PrintWriter out) {
        TextTable table =
                new TextTable("REFERENCE", "SIZE", "MEMORY", "FITS", "WEIGHTS", "LICENSE");
        for (Model model : models) {
            for (Offer offer : model.quantizations()) {
                table.row(
                        offer.reference(),
                        Printable.bytes(offer.bytes()),
                        offer.memory() == 0 ? "-" : Printable.bytes(offer.memory()),
                        offer.fits() == null ? "-" : offer.fits() ? "yes" : "no",
                        Printable.count(model.parameters()),
                        model.license());
            }
        }
        table.print(out);
        out.println(
                "sizes are about right; snoozy pull REFERENCE --dry-run asks for the true ones");
    }
}
