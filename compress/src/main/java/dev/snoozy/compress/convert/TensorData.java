package dev.snoozy.compress.convert;

import dev.snoozy.format.GgufWriter;
import dev.snoozy.format.SafetensorInfo;
import dev.snoozy.format.SafetensorsFile;
import dev.snoozy.format.TensorInfo;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * Gives the data of planned tensors, one after the other. At most one of them is in memory; one
 * that the checkpoint has in the same bytes is not even copied.
 */
final class TensorData implements GgufWriter.Source, AutoCloseable {
    private final SafetensorsFile file;
    private final Map<String, TensorPlan.Part> parts = new HashMap<>();
    private final LongConsumer progress;
    private Arena arena = Arena.ofConfined();
    private long done;

    /** Data of a plan; {@code progress} is told the bytes that were given so far. */
    TensorData(SafetensorsFile file, List<TensorPlan.Part> plan, LongConsumer progress) {
        this.file = file;
        this.progress = progress;
        plan.forEach(part -> parts.put(part.info().name(), part));
    }

    @Override
    public MemorySegment data(TensorInfo tensor) {
        arena.close();
        arena = Arena.ofConfined();
        progress.accept(done);
        done += tensor.bytes();
        TensorPlan.Part part = parts.get(tensor.name());
        if (part == null) {
            throw new IllegalArgumentException("not planned: " + tensor.name());
        }
        float[] values = part.values();
        if (values != null) {
            MemorySegment to = arena.allocate(tensor.bytes(), 64);
            RowCodec.encode(tensor.name(), tensor.type(), values, to, 0);
            return to;
        }
        SafetensorInfo first = part.sources().getFirst();
        boolean sameBytes = RowCodec.same(first.type(), tensor.type());
        if (sameBytes && part.sources().size() == 1 && part.transform().equals(Transform.SAME)) {
            return file.data(first);
        }
        MemorySegment to = arena.allocate(tensor.bytes(), 64);
        long each = tensor.bytes() / part.sources().size();
        for (int i = 0; i < part.sources().size(); i++) {
            fill(part, part.sources().get(i), to.asSlice(i * each, each));
        }
        return to;
    }

    private void fill(TensorPlan.Part part, SafetensorInfo source, MemorySegment to) {
        TensorInfo info = part.info();
        Transform transform = part.transform();
        MemorySegment from = file.data(source);
        int columns = Math.toIntExact(info.shape().getFirst());
        long rows = source.elements() / columns;
        if (transform.kind() == Transform.Kind.PAIRS && info.shape().size() == 1) {
            columns = 1; // a bias goes with its rows
            rows = source.elements();
        }
        long rowBytes = to.byteSize() / rows;
        boolean copied =
                RowCodec.same(source.type(), info.type())
                        && (transform.kind() == Transform.Kind.SAME
                                || transform.kind() == Transform.Kind.PAIRS);
        boolean transposed = transform.kind() == Transform.Kind.TRANSPOSED;
        float added = transform.kind() == Transform.Kind.PLUS_ONE ? 1 : 0;
        float[] row = new float[columns];
        for (long r = 0; r < rows; r++) {
            long fromRow = transform.checkpointRow(r, rows);
            if (copied) {
                MemorySegment.copy(from, fromRow * rowBytes, to, r * rowBytes, rowBytes);
                continue;
            }
            for (int c = 0; c < columns; c++) {
                long i = transposed ? c * rows + r : fromRow * columns + c;
                row[c] = RowCodec.element(source.type(), from, i) + added;
            }
            RowCodec.encode(info.name(), info.type(), row, to, r * rowBytes);
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
