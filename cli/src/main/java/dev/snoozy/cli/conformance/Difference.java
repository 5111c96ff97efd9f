package dev.snoozy.cli.conformance;

import java.util.LinkedHashMap;
import java.util.Map;

/** The differences between expected and found numbers: the largest, where it is, and their RMS. */
final class Difference {
    private double largest;
    private String where = "";
    private double squares;
    private long count;

    /** Adds one pair of numbers. */
    void add(double expected, double found, String place) {
        double d = Math.abs(expected - found);
        if (Double.isNaN(d)) {
            d = Double.POSITIVE_INFINITY;
        }
        if (d > largest) {
            largest = d;
            where = place + ": expected " + expected + ", found " + found;
        }
        squares += d * d;
        count++;
    }

    /** Adds the numbers of a row at the given ids. */
    void addRow(int[] ids, double[] expected, float[] row, String place) {
        for (int i = 0; i < ids.length; i++) {
            add(expected[i], row[ids[i]], place + ", id " + ids[i]);
        }
    }

    /** Adds a whole row. */
    void addRow(double[] expected, float[] row, String place) {
        for (int i = 0; i < expected.length; i++) {
            add(expected[i], i < row.length ? row[i] : Double.NaN, place + ", element " + i);
        }
    }

    double largest() {
        return largest;
    }

    double rms() {
        return count == 0 ? 0 : Math.sqrt(squares / count);
    }

    String where() {
        return where;
    }

    Map<String, Object> figures(double bound) {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("largest", largest);
        figures.put("rms", rms());
        figures.put("bound", bound);
        figures.put("compared", count);
        figures.put("where", where);
        return figures;
    }
}
