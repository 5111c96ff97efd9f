package dev.snoozy.studio.store;

import dev.snoozy.format.ProcessLock;

import org.sqlite.SQLiteConfig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The file in which the studio keeps its data: SQLite with a write-ahead log. What was committed
 * survives the end of the process at any moment. One process uses it at a time. Thread-safe:
 * transactions that write come one after another, and those that read beside them.
 *
 * <p>A file that is damaged is never written to: it is moved aside with all that belongs to it, a
 * new one begins, and {@link #notice} says so.
 */
public final class Database implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Database.class.getName());
    private static final int BUSY_MILLIS = 5000;

    /** Work within one transaction. */
    @FunctionalInterface
    public interface Work<T> {
        T in(Session session) throws SQLException;
    }

    private final ProcessLock lock;
    private final String notice;
    private final Connection writer;
    private final Connection reader;
    private final ReentrantLock writing = new ReentrantLock();
    private final ReentrantLock reading = new ReentrantLock();
    private volatile boolean closed;

    private Database(ProcessLock lock, Connection writer, Connection reader, String notice) {
        this.lock = lock;
        this.writer = writer;
        this.reader = reader;
        this.notice = notice;
    }

    /**
     * Opens the file, and makes it if there is none.
     *
     * @throws StoreException if another process uses it, a newer version has written it, or the
     *     folder cannot be written to
     */
    public static Database open(Path file) {
        ProcessLock lock = lock(file);
        try {
            String notice = "";
            if (Files.exists(file) && Damage.isDamaged(file)) {
                notice = Damage.moveAside(file);
                LOG.log(System.Logger.Level.ERROR, notice);
            }
            Connection writer = connect(file);
            try {
                Schema.migrate(writer, file);
                Connection reader = connect(file);
                return new Database(lock, writer, reader, notice);
            } catch (SQLException | RuntimeException e) {
                writer.close();
                throw e;
            }
        } catch (SQLException | IOException e) {
            close(lock);
            throw new StoreException("cannot open " + file + ": " + e.getMessage(), e);
        } catch (RuntimeException e) {
            close(lock);
            throw e;
        }
    }

    private static ProcessLock lock(Path file) {
        Path beside = file.resolveSibling(file.getFileName() + ".lock");
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            return ProcessLock.tryTake(beside)
                    .orElseThrow(() ->
                            new StoreException(
                                    file
                                            + " is in use by another Snoozy; cure: use that one,"
                                            + " end it, or point SNOOZY_HOME to another folder"));
        } catch (IOException e) {
            throw new StoreException("cannot write to " + beside + ": " + e.getMessage(), e);
        }
    }

    static Connection connect(Path file) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        // The log is written before a commit returns, which outlives the process; it is forced to
        // disk from time to time, for the case that the machine fails.
        config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
        config.enforceForeignKeys(true);
        config.setBusyTimeout(BUSY_MILLIS);
        return DriverManager.getConnection("jdbc:sqlite:" + file, config.toProperties());
    }

    /** What the user must know of how the file was found, or "". */
    public String notice() {
        return notice;
    }

    /** Runs a transaction that only reads. */
    public <T> T read(Work<T> work) {
        return inTransaction(reader, reading, work);
    }

    /** Runs a transaction; if it throws, nothing has changed. */
    public <T> T write(Work<T> work) {
        return inTransaction(writer, writing, work);
    }

    private <T> T inTransaction(Connection connection, ReentrantLock lock, Work<T> work) {
        lock.lock();
        try {
            if (closed) {
                throw new StoreException("the studio is shutting down");
            }
            return committed(connection, work);
        } catch (SQLException e) {
            throw new StoreException(
                    "the studio's data cannot be read or written: " + e.getMessage(), e);
        } finally {
            lock.unlock();
        }
    }

    private static <T> T committed(Connection connection, Work<T> work) throws SQLException {
        connection.setAutoCommit(false);
        boolean done = false;
        try {
            T result = work.in(new Session(connection));
            connection.commit();
            done = true;
            return result;
        } finally {
            if (!done) {
                connection.rollback();
            }
            connection.setAutoCommit(true);
        }
    }

    @Override
    public void close() {
        locked(writing, () -> locked(reading, this::closeAll));
    }

    private static <T> T locked(ReentrantLock lock, Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    private boolean closeAll() {
        if (closed) {
            return false;
        }
        closed = true;
        try (writer;
                Statement statement = writer.createStatement()) {
            reader.close();
            statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
        } catch (SQLException e) {
            LOG.log(System.Logger.Level.WARNING, "the data did not close: {0}", e.getMessage());
        }
        close(lock);
        return true;
    }

    private static void close(ProcessLock lock) {
        try {
            lock.close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "a lock did not close: {0}", e.getMessage());
        }
    }
}
