package dev.snoozy.tune;

import java.util.List;
import java.util.Locale;

/** Curves over the steps of a run, as SVG that needs nothing else. */
public final class CurvePlot {
    private static final int WIDTH = 880;
    private static final int HEIGHT = 280;
    private static final int LEFT = 70;
    private static final int BOTTOM = 30;
    private static final int TICKS = 5;
    private static final int NAME = 90;

    private CurvePlot() {}

    /**
     * A curve.
     *
     * @param name of letters, digits and blanks
     * @param colour of CSS
     * @param points steps and values
     */
    public record Curve(String name, String colour, List<double[]> points) {}

    /**
     * Draws curves with the same axes.
     *
     * @param title for who does not see it, without signs of markup
     * @return nothing if there are no points
     */
    public static String svg(String title, List<Curve> curves) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        double last = 1;
        for (Curve curve : curves) {
            for (double[] point : curve.points) {
                last = Math.max(last, point[0]);
                low = Math.min(low, point[1]);
                high = Math.max(high, point[1]);
            }
        }
        if (low > high) {
            return "";
        }
        double span = high > low ? high - low : Math.max(Math.abs(high), 1e-12);
        StringBuilder svg = new StringBuilder();
        svg.append(
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n"
                        .formatted(WIDTH, HEIGHT, title));
        for (int i = 0; i <= TICKS; i++) {
            double y = low + span * i / TICKS;
            double at = y(y, low, span);
            svg.append(
                    text(
                            "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#8884\"/>"
                                    + "<text x=\"%d\" y=\"%.1f\" font-size=\"12\""
                                    + " text-anchor=\"end\">%.4g</text>\n",
                            LEFT, WIDTH, at, at, LEFT - 8, at + 4, y));
            double step = last * i / TICKS;
            svg.append(
                    text(
                            "<text x=\"%.1f\" y=\"%d\" font-size=\"12\""
                                    + " text-anchor=\"middle\">%.0f</text>\n",
                            x(step, last), HEIGHT - 8, step));
        }
        int place = LEFT + 10;
        for (Curve curve : curves) {
            svg.append("<polyline fill=\"none\" stroke-width=\"1.5\" stroke=\"")
                    .append(curve.colour)
                    .append("\" points=\"");
            for (double[] point : curve.points) {
                svg.append(text("%.1f,%.1f ", x(point[0], last), y(point[1], low, span)));
            }
            svg.append("\"/>\n");
            svg.append(
                    text(
                            "<text x=\"%d\" y=\"16\" font-size=\"12\" style=\"fill:"
                                    + " %s\">%s</text>\n",
                            place, curve.colour, curve.name));
            place += NAME;
        }
        return svg.append("</svg>\n").toString();
    }

    private static double x(double step, double last) {
        return LEFT + (WIDTH - LEFT - 20) * step / last;
    }

    private static double y(double value, double low, double span) {
        return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - 24) * (value - low) / span;
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
