package dev.snoozy.cli.compress;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Size against KL divergence as an SVG picture: the divergence on a logarithmic axis, since the
 * usual types span three powers of ten; colours for light and for dark pages.
 */
final class QualityPlot {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 460;
    private static final int LEFT = 88;
    private static final int RIGHT = 90;
    private static final int TOP = 48;
    private static final int BOTTOM = 64;
    private static final int LABEL_HEIGHT = 15;
    private static final int LABEL_PLACES = 8;
    private static final int GAP = 7;
    private static final double LABEL_CHARACTER = 7.4;
    private static final double MEGA = 1e6;

    /** What is less is drawn there: a logarithm has no place for 0. */
    private static final double LEAST = 1e-7;

    private static final String STYLE =
            """
            text { font: 13px system-ui, sans-serif; fill: #444c56 }
            .title { font-size: 15px; font-weight: 600 }
            .axis { stroke: #8b949e; stroke-width: 1; fill: none }
            .grid { stroke: #8b949e; stroke-opacity: 0.25; stroke-width: 1 }
            .line { stroke: #2f7fd1; stroke-opacity: 0.45; stroke-width: 1.5; fill: none }
            .point { fill: #2f7fd1 }
            .error { stroke: #2f7fd1; stroke-width: 1.5 }
            @media (prefers-color-scheme: dark) { text { fill: #adbac7 } }
            """;

    private final List<Point> points;
    private final double fromSize;
    private final double toSize;
    private final double fromLog;
    private final double toLog;
    private final StringBuilder svg = new StringBuilder();
    private final List<Box> taken = new ArrayList<>();

    private record Point(String label, double size, double divergence, double error) {}

    /** Where a label or a point is. */
    private record Box(double left, double top, double right, double bottom) {
        boolean meets(Box other) {
            return left < other.right
                    && other.left < right
                    && top < other.bottom
                    && other.top < bottom;
        }
    }

    private QualityPlot(List<Point> points) {
        this.points = points;
        double least = points.stream().mapToDouble(Point::size).min().orElse(1);
        double most = points.stream().mapToDouble(Point::size).max().orElse(1);
        double margin = Math.max(most - least, most / 10) * 0.06;
        fromSize = least - margin;
        toSize = most + margin;
        double low = points.stream().mapToDouble(Point::divergence).min().orElse(LEAST);
        double high = points.stream().mapToDouble(Point::divergence).max().orElse(1);
        fromLog = Math.floor(Math.log10(low) - 0.05);
        toLog = Math.max(fromLog + 1, Math.ceil(Math.log10(high) + 0.05));
    }

    /** The picture of a report. */
    static String of(QualityReport report) {
        List<Point> points =
                report.rows().stream()
                        .filter(row -> row.divergence() != null)
                        .map(row -> {
                            var d = Objects.requireNonNull(row.divergence());
                            double value = Math.max(LEAST, d.value());
                            return new Point(row.type(), row.bytes() / MEGA, value, d.error());
                        })
                        .sorted(Comparator.comparingDouble(Point::size))
                        .toList();
        return new QualityPlot(points).draw(report.model());
    }

    private String draw(String model) {
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\">",
                WIDTH, HEIGHT, WIDTH, HEIGHT);
        add("<title>%s: size against KL divergence</title>", escaped(model));
        add("<style>\n%s</style>", STYLE);
        add(
                "<text class=\"title\" x=\"%d\" y=\"26\">%s: size and distance from the source</text>",
                LEFT, escaped(model));
        axes();
        curve();
        for (Point point : points) {
            dot(point);
        }
        for (Point point : points) {
            label(point);
        }
        add("</svg>");
        return svg.toString();
    }

    private void axes() {
        int bottom = HEIGHT - BOTTOM;
        int right = WIDTH - RIGHT;
        for (int log = (int) fromLog; log <= toLog; log++) {
            double y = y(Math.pow(10, log));
            add("<path class=\"grid\" d=\"M%d %.1fH%d\"/>", LEFT, y, right);
            add(
                    "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>",
                    LEFT - 8, y + 4, power(log));
        }
        double step = step((toSize - fromSize) / 6);
        for (double size = Math.ceil(fromSize / step) * step; size <= toSize; size += step) {
            double x = x(size);
            add("<path class=\"grid\" d=\"M%.1f %dV%d\"/>", x, TOP, bottom);
            add(
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>",
                    x, bottom + 20, number(size, step));
        }
        add("<path class=\"axis\" d=\"M%d %dV%dH%d\"/>", LEFT, TOP, bottom, right);
        add(
                "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">size of the file, MB</text>",
                (LEFT + right) / 2, HEIGHT - 16);
        add(
                "<text transform=\"translate(22 %d) rotate(-90)\" text-anchor=\"middle\">KL divergence per token, nats (log)</text>",
                (TOP + bottom) / 2);
    }

    /** Through the points that no smaller one is better than. */
    private void curve() {
        List<String> places = new ArrayList<>();
        double best = Double.POSITIVE_INFINITY;
        for (Point p : points) {
            if (p.divergence < best) {
                best = p.divergence;
                places.add(format("%.1f %.1f", x(p.size), y(p.divergence)));
            }
        }
        if (places.size() > 1) {
            add("<path class=\"line\" d=\"M%s\"/>", String.join("L", places));
        }
    }

    private void dot(Point p) {
        double x = x(p.size);
        double high = y(p.divergence + p.error);
        double low = y(Math.max(Math.pow(10, fromLog), p.divergence - p.error));
        add("<path class=\"error\" d=\"M%.1f %.1fV%.1f\"/>", x, high, low);
        add("<circle class=\"point\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"/>", x, y(p.divergence));
        double y = y(p.divergence);
        taken.add(new Box(x - 5, y - 5, x + 5, y + 5));
    }

    /**
     * Beside its point, at the first place where nothing stands yet: above it on the right or below
     * it on the left, where the curve is not.
     */
    private void label(Point p) {
        double width = p.label.length() * LABEL_CHARACTER;
        double x = x(p.size);
        double y = y(p.divergence);
        Box place = box(x + GAP, y - GAP, width);
        for (int tried = 0; tried < 2 * LABEL_PLACES; tried++) {
            int away = tried / 2 * LABEL_HEIGHT;
            Box box =
                    tried % 2 == 0
                            ? box(x + GAP, y - GAP - away, width)
                            : box(x - GAP - width, y + GAP + 8 + away, width);
            if (box.left > LEFT
                    && box.top > TOP - LABEL_HEIGHT
                    && box.bottom < HEIGHT - BOTTOM
                    && taken.stream().noneMatch(box::meets)) {
                place = box;
                break;
            }
        }
        taken.add(place);
        add(
                "<text x=\"%.1f\" y=\"%.1f\">%s</text>",
                place.left, place.bottom - 3, escaped(p.label));
    }

    /** Of a label with its base line at {@code y}. */
    private static Box box(double left, double y, double width) {
        return new Box(left, y - LABEL_HEIGHT + 3, left + width, y + 3);
    }

    private double x(double size) {
        return LEFT + (size - fromSize) / (toSize - fromSize) * (WIDTH - LEFT - RIGHT);
    }

    private double y(double divergence) {
        double part = (Math.log10(divergence) - fromLog) / (toLog - fromLog);
        return HEIGHT - BOTTOM - part * (HEIGHT - TOP - BOTTOM);
    }

    /** 1, 2 or 5 times a power of ten, not less. */
    private static double step(double least) {
        double power = Math.pow(10, Math.floor(Math.log10(least)));
        for (int times : new int[] {1, 2, 5}) {
            if (times * power >= least) {
                return times * power;
            }
        }
        return 10 * power;
    }

    private static String number(double size, double step) {
        int digits = (int) Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
        return format("%." + digits + "f", size);
    }

    private static String power(int log) {
        return log >= 0
                ? format("%.0f", Math.pow(10, log))
                : format("%." + -log + "f", Math.pow(10, log));
    }

    private void add(String format, Object... values) {
        svg.append(format(format, values)).append('\n');
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    /** For the inside of an element; what XML cannot hold is left out. */
    private static String escaped(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints()
                .filter(c -> c >= ' ' && c != 0x7f && c < 0xfffe && (c < 0xd800 || c > 0xdfff))
                .forEach(c -> {
                    switch (c) {
                        case '<' -> out.append("&lt;");
                        case '>' -> out.append("&gt;");
                        case '&' -> out.append("&amp;");
                        case '"' -> out.append("&quot;");
                        default -> out.appendCodePoint(c);
                    }
                });
        return out.toString();
    }
}
