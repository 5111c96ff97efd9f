package dev.snoozy.cli.compress;

import dev.snoozy.cli.Input;
import dev.snoozy.cli.WrongUseException;
import dev.snoozy.compress.ModelShape;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.format.TensorType;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The tensors of a model without their data, as a table: lines of a name and its dimensions ({@code
 * 256x320}), with tabs between columns. A line that begins with {@code #} tells the shape of the
 * model; the line {@code tensor ne TYPE ...} may name types.
 */
record ShapesFile(ModelShape shape, List<TensorInfo> tensors, List<String> types) {
    private static final Pattern SHAPE =
            Pattern.compile(
                    "architecture ([\\w.-]{1,64}), (\\d{1,6}) layers, (\\d{1,6}) heads, (\\d{1,6}) kv heads(?:, (\\d{1,6}) experts)?");
    private static final String HEAD = "tensor";
    private static final int MOST_DIMENSIONS = 4;

    static ShapesFile read(Path file) throws IOException {
        ModelShape shape = null;
        List<TensorInfo> tensors = new ArrayList<>();
        List<String> types = new ArrayList<>();
        int number = 0;
        for (String line : Input.file(file).split("\\R")) {
            number++;
            Matcher found = SHAPE.matcher(line);
            if (line.startsWith("#")) {
                shape = shape == null && found.find() ? shape(found) : shape;
                continue;
            }
            String[] columns = line.split("\t");
            if (columns[0].equals(HEAD)) {
                Arrays.stream(columns).skip(2).forEach(types::add);
            } else if (columns.length > 1) {
                tensors.add(tensor(columns, file + ", line " + number));
            }
        }
        if (shape == null || tensors.isEmpty()) {
            throw new WrongUseException(
                    file
                            + ": expected lines of a tensor and its dimensions, and a line such as"
                            + " \"# architecture llama, 32 layers, 8 heads, 2 kv heads, 8 experts\"");
        }
        return new ShapesFile(shape, tensors, types);
    }

    private static ModelShape shape(Matcher found) {
        String experts = found.group(5);
        return new ModelShape(
                found.group(1),
                Integer.parseInt(found.group(2)),
                Integer.parseInt(found.group(3)),
                Integer.parseInt(found.group(4)),
                experts == null ? 0 : Integer.parseInt(experts));
    }

    private static TensorInfo tensor(String[] columns, String where) {
        String[] dimensions = columns[1].split("x", MOST_DIMENSIONS + 1);
        if (dimensions.length > MOST_DIMENSIONS
                || !Stream.of(dimensions).allMatch(d -> d.matches("\\d{1,12}"))) {
            throw new WrongUseException(
                    "%s: expected dimensions such as 256x320, found %s"
                            .formatted(where, columns[1]));
        }
        List<Long> shape = Stream.of(dimensions).map(Long::valueOf).toList();
        return TensorInfo.of(columns[0], TensorType.F32, shape);
    }
}
