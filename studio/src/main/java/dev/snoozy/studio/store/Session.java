package dev.snoozy.studio.store;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The statements of one transaction. Used within {@link Database#read} or {@code write} only. */
public final class Session {
    private final Connection connection;

    Session(Connection connection) {
        this.connection = connection;
    }

    /** Makes something of a row. */
    @FunctionalInterface
    public interface Mapper<T> {
        T of(Row row) throws SQLException;
    }

    /** A row of a result, read by the names of its columns. */
    public static final class Row {
        private final ResultSet result;

        Row(ResultSet result) {
            this.result = result;
        }

        /** A text that there is. */
        public String text(String column) throws SQLException {
            return String.valueOf(result.getString(column));
        }

        /** A text, or null. */
        public @Nullable String textOrNull(String column) throws SQLException {
            return result.getString(column);
        }

        public long number(String column) throws SQLException {
            return result.getLong(column);
        }

        /** A number, or null. */
        public @Nullable Long numberOrNull(String column) throws SQLException {
            long value = result.getLong(column);
            return result.wasNull() ? null : value;
        }

        public boolean flag(String column) throws SQLException {
            return result.getInt(column) != 0;
        }
    }

    /** Runs a statement that changes rows; returns how many. */
    public int update(String sql, @Nullable Object... values) throws SQLException {
        try (PreparedStatement statement = prepared(sql, values)) {
            return statement.executeUpdate();
        }
    }

    /** The rows of a query. */
    public <T> List<T> list(String sql, Mapper<T> mapper, @Nullable Object... values)
            throws SQLException {
        List<T> list = new ArrayList<>();
        try (PreparedStatement statement = prepared(sql, values);
                ResultSet result = statement.executeQuery()) {
            Row row = new Row(result);
            while (result.next()) {
                list.add(mapper.of(row));
            }
        }
        return list;
    }

    /** The first row of a query. */
    public <T> Optional<T> first(String sql, Mapper<T> mapper, @Nullable Object... values)
            throws SQLException {
        return list(sql, mapper, values).stream().findFirst();
    }

    private PreparedStatement prepared(String sql, @Nullable Object... values) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }
}
