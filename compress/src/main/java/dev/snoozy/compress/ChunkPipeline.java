package dev.snoozy.compress;

import dev.snoozy.compress.QuantizePlan.Choice;
import dev.snoozy.compress.RowCoding.Squares;
import dev.snoozy.compress.quantize.BlockEncoder;
import dev.snoozy.compress.quantize.Encoders;
import dev.snoozy.format.BlockCodec;
import dev.snoozy.format.FormatException;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.format.TensorType;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Quantizes chunks of rows, a few ahead of whoever writes them.
 *
 * <p>Chunks go to the threads in the order of the file, across the ends of tensors, and no more
 * than a few are under way: memory stays bounded, and no thread waits while there is work.
 */
final class ChunkPipeline implements AutoCloseable {
    /**
     * Elements of a chunk, about: enough to fill the lanes of an encoder, little enough to keep.
     */
    private static final int CHUNK = 1 << 16;

    private static final int AHEAD = 4;

    private final GgufFile source;
    private final QuantizeOptions options;
    private final QuantizeListener listener;
    private final boolean measures;
    private final ExecutorService threads;
    private final ThreadLocal<Worker> workers = ThreadLocal.withInitial(Worker::new);
    private final Iterator<Chunk> chunks;
    private final Deque<Running> running = new ArrayDeque<>();
    private long done;

    /** Rows of one matrix of a tensor. */
    private record Chunk(Choice choice, long row, int rows, long columns) {
        long elements() {
            return rows * columns;
        }
    }

    /** The blocks of a chunk, and how far they are from its elements. */
    private record Coded(byte[] blocks, Squares squares) {}

    private record Running(Chunk chunk, Future<Coded> result) {}

    /** Arrays that have been written and can be filled again. */
    private final Queue<byte[]> spare = new ConcurrentLinkedQueue<>();

    /** Measures the errors of tensors only if somebody wants to know them. */
    ChunkPipeline(
            GgufFile source,
            QuantizePlan plan,
            QuantizeOptions options,
            QuantizeListener listener,
            boolean measures) {
        this.source = source;
        this.options = options;
        this.listener = listener;
        this.measures = measures;
        this.threads =
                Executors.newFixedThreadPool(
                        options.threads(),
                        Thread.ofPlatform().daemon().name("quantize-", 0).factory());
        this.chunks = plan.choices().stream().flatMap(ChunkPipeline::chunks).iterator();
    }

    private static Stream<Chunk> chunks(Choice choice) {
        TensorInfo tensor = choice.source();
        long columns = tensor.shape().isEmpty() ? 1 : tensor.shape().getFirst();
        if (tensor.elements() == 0) {
            return Stream.empty();
        }
        long total = tensor.elements() / columns;
        long matrix = tensor.shape().size() > 2 ? tensor.shape().get(1) : total;
        long most = Math.max(1, CHUNK / columns);
        long parts = (matrix + most - 1) / most;
        return LongStream.range(0, total / matrix * parts)
                .mapToObj(i -> {
                    long first = i % parts * most;
                    int rows = (int) Math.min(most, matrix - first);
                    return new Chunk(choice, i / parts * matrix + first, rows, columns);
                });
    }

    /** Writes the data of the tensor whose turn it is. */
    void write(TensorInfo tensor, WritableByteChannel target) throws IOException {
        long left = tensor.elements();
        Squares squares = Squares.NONE;
        @Nullable Choice choice = null;
        while (left > 0) {
            fill();
            Running next = running.remove();
            choice = next.chunk.choice;
            Coded coded = result(next);
            squares = squares.plus(coded.squares);
            byte[] filled = coded.blocks;
            int length = Math.toIntExact(tensor.type().bytes(next.chunk.elements()));
            ByteBuffer bytes = ByteBuffer.wrap(filled, 0, length);
            while (bytes.hasRemaining()) {
                target.write(bytes);
            }
            spare.add(filled);
            left -= next.chunk.elements();
            done += next.chunk.elements();
            listener.progress(done);
        }
        if (choice != null) {
            listener.tensor(choice, Math.sqrt(squares.relative()));
        }
    }

    private void fill() {
        while (running.size() < AHEAD * options.threads() && chunks.hasNext()) {
            Chunk chunk = chunks.next();
            running.add(new Running(chunk, threads.submit(() -> workers.get().work(chunk))));
        }
    }

    private static Coded result(Running running) throws IOException {
        try {
            return running.result.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted; the target is as it was", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException known) {
                throw known;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        // The source is unmapped after this: nobody may read it any more.
        threads.close();
    }

    /** What one thread keeps: buffers, and an encoder of each type. */
    private final class Worker {
        private final Map<TensorType, BlockEncoder> encoders = new EnumMap<>(TensorType.class);
        private final RowReader reader = new RowReader();
        private float[] elements = new float[0];
        private float[] back = new float[0];

        Coded work(Chunk chunk) {
            TensorInfo tensor = chunk.choice.source();
            MemorySegment data = source.data(tensor);
            long columns = chunk.columns;
            long offset = tensor.type().bytes(chunk.row * columns);
            int count = Math.toIntExact(chunk.elements());
            long length = tensor.type().bytes(count);
            boolean copy = chunk.choice.isCopy();
            boolean finite =
                    !isFloat(tensor.type())
                            || RowReader.isFinite(tensor.type(), data, offset, length);
            byte[] out = array(Math.toIntExact(chunk.choice.target().type().bytes(count)));
            if (copy && finite) {
                MemorySegment.copy(data, ValueLayout.JAVA_BYTE, offset, out, 0, (int) length);
                return new Coded(out, Squares.NONE);
            }
            if (elements.length < count) {
                elements = new float[count];
            }
            reader.read(tensor.type(), data, offset, elements, count);
            if (!finite || !isFloat(tensor.type())) {
                requireFinite(tensor, chunk, count, columns);
            }
            TensorType type = chunk.choice.target().type();
            try {
                encoders.computeIfAbsent(type, Encoders::of)
                        .encode(elements, count, importance(chunk, (int) columns), out);
            } catch (ArithmeticException e) {
                throw new FormatException("tensor " + tensor.name() + ": " + e.getMessage(), e);
            }
            return new Coded(out, measures ? squares(type, out, count) : Squares.NONE);
        }

        private Squares squares(TensorType type, byte[] blocks, int count) {
            if (back.length < count) {
                back = new float[count];
            }
            BlockCodec.of(type).decode(MemorySegment.ofArray(blocks), 0, back, 0, count);
            return RowCoding.squares(elements, back, count, null);
        }

        private byte[] array(int length) {
            byte[] array = spare.poll();
            return array != null && array.length >= length ? array : new byte[length];
        }

        private float @Nullable [] importance(Chunk chunk, int columns) {
            TensorInfo tensor = chunk.choice.source();
            float[] all = QuantizePlan.importance(options.importance(), tensor);
            if (all == null || all.length == columns) {
                return all;
            }
            int matrix = (int) (chunk.row / tensor.shape().get(1));
            return Arrays.copyOfRange(all, matrix * columns, (matrix + 1) * columns);
        }

        private void requireFinite(TensorInfo tensor, Chunk chunk, int count, long columns) {
            int bad = RowReader.firstNotFinite(elements, count);
            if (bad >= 0) {
                throw new FormatException(
                        "tensor %s: found %s in row %d, column %d, expected a finite number; the model is damaged: get or convert it again"
                                .formatted(
                                        tensor.name(),
                                        elements[bad],
                                        chunk.row + bad / columns,
                                        bad % columns));
            }
        }
    }

    private static boolean isFloat(TensorType type) {
        return type == TensorType.F32 || type == TensorType.F16 || type == TensorType.BF16;
    }
}
