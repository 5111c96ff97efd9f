package dev.snoozy.curate.read;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/**
 * Parquet, by DuckDB: the only place that knows it, so that nothing else waits for its native part
 * to be unpacked. It may neither load extensions nor reach the network.
 */
final class ParquetRows {
    private ParquetRows() {}

    static void read(Path file, String name, RowSink sink)
            throws IOException, InterruptedException {
        Properties settings = new Properties();
        settings.setProperty("jdbc_stream_results", "true");
        long row = 0;
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:", settings);
                Statement setup = duck.createStatement()) {
            setup.execute("SET autoinstall_known_extensions = false");
            setup.execute("SET threads = 1"); // the order of rows stays
            setup.execute("SET memory_limit = '512MB'");
            try (PreparedStatement query =
                    duck.prepareStatement("SELECT to_json(t) FROM read_parquet(?) t")) {
                query.setString(1, literal(file));
                try (ResultSet rows = query.executeQuery()) {
                    while (rows.next()) {
                        sink.accept(RawRow.json(name, ++row, rows.getString(1)));
                    }
                }
            }
        } catch (SQLException e) {
            if (row == 0 && String.valueOf(e.getMessage()).contains("No suitable driver")) {
                throw new IOException(
                        name + ": Parquet needs org.duckdb:duckdb_jdbc; cure: put it beside Snoozy",
                        e);
            }
            String first = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            sink.accept(RawRow.broken(name, row, "", "the file is broken from here on: " + first));
        }
    }

    /** A path without the meaning that DuckDB gives to *, ? and [. */
    private static String literal(Path file) {
        return file.toAbsolutePath().toString().replaceAll("([*?\\[])", "[$1]");
    }
}
