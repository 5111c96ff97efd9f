package dev.snoozy.compress.convert;

import dev.snoozy.compress.convert.family.Transform;
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
        if (sameBytes && part.sources().size() == 1 && part.transform().isSame()) {
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
        boolean mixture = part.sources().size() > 1 || info.shape().size() > source.shape().size();
        int dimensions = info.shape().size() - (mixture ? 1 : 0);
        RowGrid grid = RowGrid.of(info.shape().subList(0, dimensions), transform);
        long all = source.elements() / grid.columns() / grid.tables(); // rows of the checkpoint
        int columns = grid.columns();
        long rowBytes = to.byteSize() / (grid.rows() * grid.tables());
        boolean copied = RowCodec.same(source.type(), info.type()) && transform.movesOnly();
        float[] row = new float[columns];
        for (long r = 0; r < grid.rows() * grid.tables(); r++) {
            long before = r / grid.rows() * all; // rows of the tables before this one
            long fromRow = transform.order().source(r % grid.rows(), all);
            if (copied) {
                MemorySegment.copy(from, (before + fromRow) * rowBytes, to, r * rowBytes, rowBytes);
                continue;
            }
            for (int c = 0; c < columns; c++) {
                long i = transform.transposed() ? c * all + fromRow : fromRow * columns + c;
                float value = RowCodec.element(source.type(), from, before * columns + i);
                row[c] = transform.values().toGguf(value);
            }
            RowCodec.encode(info.name(), info.type(), row, to, r * rowBytes);
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
