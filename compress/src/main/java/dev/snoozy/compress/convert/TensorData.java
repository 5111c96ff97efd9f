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
        Microscaled microscaled = part.microscaled();
        if (microscaled != null) {
            MemorySegment to = arena.allocate(tensor.bytes(), 64);
            microscaled.fill(file, part.transform().order(), to);
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
        int dimensions = info.shape().size() - (part.mixture() ? 1 : 0);
        RowGrid grid = RowGrid.of(info.shape().subList(0, dimensions), transform);
        List<Long> shape = TensorPlan.whole(source.shape().reversed(), transform);
        RowGrid whole = RowGrid.of(shape, transform);
        int columns = grid.columns();
        long rowBytes = to.byteSize() / (grid.rows() * grid.tables());
        boolean copied = RowCodec.same(source.type(), info.type()) && transform.movesOnly();
        float[] row = new float[columns];
        for (long r = 0; r < grid.rows() * grid.tables(); r++) {
            long table = r / grid.rows();
            long within = r % grid.rows();
            long fromRow = transform.order().source(within, whole.rows());
            if (copied) {
                long at = (table * whole.rows() + fromRow) * rowBytes;
                MemorySegment.copy(from, at, to, r * rowBytes, rowBytes);
                continue;
            }
            for (int c = 0; c < columns; c++) {
                int fromColumn = (int) transform.columns().source(c, whole.columns());
                long i = whole.place(table, fromRow, fromColumn, transform.transposed());
                float value = RowCodec.element(source.type(), from, i);
                row[c] = transform.values().toGguf(value, within);
            }
            RowCodec.encode(info.name(), info.type(), row, to, r * rowBytes);
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
