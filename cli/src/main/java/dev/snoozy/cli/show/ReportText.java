package dev.snoozy.cli.show;

import dev.snoozy.cli.Printable;
import dev.snoozy.format.Fit;

import java.io.PrintWriter;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A report as people read it. */
final class ReportText {
    private static final Pattern LAYER = Pattern.compile("blk\\.(\\d{1,6})\\.(.+)");
    private static final int LONGEST_VALUE = 100;
    private static final int LONGEST_NAME = 64;
    private static final int FIRST_ELEMENTS = 4;

    private final ModelReport report;
    private final PrintWriter out;

    ReportText(ModelReport report, PrintWriter out) {
        this.report = report;
        this.out = out;
    }

    /** Prints everything; tensors one by one, or like ones of all layers together. */
    void print(boolean eachTensor) {
        summary();
        memory();
        metadata();
        if (eachTensor) {
            heading("Tensors");
            report.tensors().forEach(t -> tensor(t.name(), t, 1));
        } else {
            groups();
        }
    }

    private void summary() {
        fact("file", report.file());
        String parts = report.shards() == 1 ? "" : ", " + report.shards() + " shards";
        fact("format", "GGUF " + report.version() + ", " + report.byteOrder() + " endian" + parts);
        fact("architecture", report.architecture() == null ? "?" : report.architecture());
        if (report.name() != null) {
            fact("name", report.name());
        }
        if (report.tensors().isEmpty()) {
            fact("parameters", "none: a vocabulary without a network");
            return;
        }
        fact("parameters", Printable.count(report.parameters()) + " (" + report.parameters() + ")");
        double bits = 8.0 * report.bytes() / Math.max(1, report.parameters());
        fact(
                "weights",
                Printable.bytes(report.bytes())
                        + String.format(Locale.ROOT, ", %.2f bits per weight: ", bits)
                        + types());
        if (report.contextLength() != null) {
            fact("context length", report.contextLength() + " tokens");
        }
    }

    private String types() {
        StringJoiner types = new StringJoiner(", ");
        report.types().forEach((type, share) -> types.add(type + " × " + share.tensors()));
        return types.toString();
    }

    private void memory() {
        if (report.memory().isEmpty()) {
            return;
        }
        heading("Memory for one text");
        String cache = report.cacheType() + " cache";
        out.printf(
                Locale.ROOT,
                "  %14s %12s %12s %12s %12s  %s%n",
                "context length",
                "weights",
                cache,
                "compute",
                "together",
                "here and now");
        for (ModelReport.Memory row : report.memory()) {
            out.printf(
                    "  %14d %12s %12s %12s %12s  %s%n",
                    row.contextLength(),
                    Printable.bytes(row.weights()),
                    Printable.bytes(row.cache()),
                    Printable.bytes(row.compute()),
                    Printable.bytes(row.total()),
                    verdict(row.verdict()));
        }
        Long free = report.free();
        if (free != null) {
            out.println(
                    "  "
                            + Printable.bytes(free)
                            + " are free; together counts "
                            + Printable.bytes(report.memory().getFirst().program())
                            + " for the program too");
        }
    }

    private static String verdict(Fit.Verdict verdict) {
        return switch (verdict) {
            case FITS -> "fits";
            case MAPPED -> "weights stay in the file: slow";
            case TOO_LARGE -> "too large";
        };
    }

    private void metadata() {
        heading("Metadata");
        report.metadata()
                .forEach((key, value) ->
                        out.println(
                                "  " + Printable.text(key, LONGEST_NAME) + " = " + text(value)));
    }

    private static String text(Object value) {
        if (!value.getClass().isArray()) {
            return Printable.text(String.valueOf(value), LONGEST_VALUE);
        }
        int length = Array.getLength(value);
        StringJoiner elements = new StringJoiner(", ", "[", length > FIRST_ELEMENTS ? ", …]" : "]");
        for (int i = 0; i < Math.min(FIRST_ELEMENTS, length); i++) {
            elements.add(Printable.text(String.valueOf(Array.get(value, i)), LONGEST_NAME / 4));
        }
        return length + " × " + elements;
    }

    /** Tensors that differ in the number of the layer alone stand on one line. */
    private void groups() {
        if (report.tensors().isEmpty()) {
            return;
        }
        record Kind(String rest, String type, List<Long> shape) {}
        heading("Tensors");
        Map<Kind, List<ModelReport.Entry>> kinds = new LinkedHashMap<>();
        for (ModelReport.Entry tensor : report.tensors()) {
            Matcher layer = LAYER.matcher(tensor.name());
            String rest = layer.matches() ? layer.group(2) : "=" + tensor.name();
            Kind kind = new Kind(rest, tensor.type(), tensor.shape());
            kinds.computeIfAbsent(kind, k -> new ArrayList<>()).add(tensor);
        }
        kinds.forEach((kind, alike) -> {
            ModelReport.Entry first = alike.getFirst();
            String name = first.name();
            if (alike.size() > 1) {
                name = "blk.{" + ranges(alike) + "}." + kind.rest();
            }
            tensor(name, first, alike.size());
        });
    }

    /** The layers of these tensors: {@code 0-3,5}. */
    private static String ranges(List<ModelReport.Entry> tensors) {
        int[] layers = tensors.stream().mapToInt(ReportText::layer).sorted().toArray();
        StringJoiner ranges = new StringJoiner(",");
        for (int i = 0; i < layers.length; ) {
            int end = i;
            while (end + 1 < layers.length && layers[end + 1] == layers[end] + 1) {
                end++;
            }
            ranges.add(end == i ? "" + layers[i] : layers[i] + "-" + layers[end]);
            i = end + 1;
        }
        return ranges.toString();
    }

    private static int layer(ModelReport.Entry tensor) {
        Matcher layer = LAYER.matcher(tensor.name());
        return layer.matches() ? Integer.parseInt(layer.group(1)) : -1;
    }

    private void tensor(String name, ModelReport.Entry tensor, int count) {
        String size = Printable.bytes(tensor.bytes()) + (count == 1 ? "" : " each");
        out.printf(
                "  %-36s %-8s %-16s %s%s%n",
                Printable.text(name, LONGEST_NAME),
                tensor.type(),
                tensor.shape(),
                size,
                tensor.sha256() == null ? "" : "  " + tensor.sha256());
    }

    private void fact(String what, String value) {
        out.printf("%-15s %s%n", what, Printable.text(value, LONGEST_VALUE));
    }

    private void heading(String text) {
        out.printf("%n%s%n", text);
    }
}
