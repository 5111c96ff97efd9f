package dev.snoozy.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Columns of text, each as wide as its longest entry. */
public final class TextTable {
    private final List<String[]> rows = new ArrayList<>();

    /** A table with a line of titles. */
    public TextTable(String... titles) {
        rows.add(titles);
    }

    /** Adds a row, with a cell for each title. */
    public void row(String... cells) {
        rows.add(cells);
    }

    /** Prints the rows. */
    public void print(PrintWriter out) {
        int columns = rows.getFirst().length;
        int[] widths = new int[columns];
        for (String[] row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                line.append(row[i]).append(" ".repeat(widths[i] - row[i].length() + 2));
            }
            out.println(line.toString().stripTrailing());
        }
    }
}
