package dev.snoozy.cook;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;

/** Plots as SVG. */
final class Plot {
    private static final int WIDTH = 880;
    private static final int HEIGHT = 220;
    private static final int LEFT = 70;
    private static final int BOTTOM = 26;
    private static final int TICKS = 4;
    private static final int ROW = 24;
    private static final int NAMES = 150;
    private static final double Z = 1.96;

    private Plot() {}

    /**
     * A curve.
     *
     * @param colour a variable of the page's style
     * @param points steps and values
     */
    record Curve(String name, String colour, List<double[]> points) {}

    static Curve curve(String name, String colour, JsonNode entries, String field) {
        List<double[]> points = new ArrayList<>();
        for (JsonNode entry : entries) {
            if (entry.path(field).isNumber()) {
                points.add(
                        new double[] {entry.path("step").asDouble(), entry.path(field).asDouble()});
            }
        }
        return new Curve(name, colour, points);
    }

    /** Curves over steps; nothing where there are no points. */
    static String lines(String title, Curve... curves) {
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
        svg.append("<h3>").append(Html.escape(title)).append("</h3>\n");
        begin(svg, title, HEIGHT);
        for (int i = 0; i <= TICKS; i++) {
            double value = low + span * i / TICKS;
            double at = y(value, low, span);
            svg.append(
                    Html.number(
                            "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\""
                                    + " stroke=\"var(--line)\"/><text x=\"%d\" y=\"%.1f\""
                                    + " text-anchor=\"end\">%.4g</text>\n",
                            LEFT, WIDTH, at, at, LEFT - 8, at + 4, value));
            svg.append(
                    Html.number(
                            "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%.0f</text>\n",
                            x(last * i / TICKS, last), HEIGHT - 6, last * i / TICKS));
        }
        int place = LEFT + 10;
        for (Curve curve : curves) {
            svg.append("<polyline fill=\"none\" stroke-width=\"1.5\" stroke=\"var(")
                    .append(curve.colour)
                    .append(")\" points=\"");
            for (double[] point : curve.points) {
                svg.append(Html.number("%.1f,%.1f ", x(point[0], last), y(point[1], low, span)));
            }
            svg.append("\"/>\n");
            svg.append(
                    Html.number(
                            "<text x=\"%d\" y=\"14\" style=\"fill: var(%s)\">%s</text>\n",
                            place, curve.colour, Html.escape(curve.name)));
            place += 90;
        }
        return svg.append("</svg>\n").toString();
    }

    private static void begin(StringBuilder svg, String title, int height) {
        svg.append(
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n"
                        .formatted(WIDTH, height, Html.escape(title)));
    }

    private static double x(double step, double last) {
        return LEFT + (WIDTH - LEFT - 20) * step / last;
    }

    private static double y(double value, double low, double span) {
        return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - 22) * (value - low) / span;
    }

    /** The average of each model with its 95 % interval. */
    static String averages(JsonNode models) {
        double low = 1;
        double high = 0;
        for (JsonNode model : models) {
            double reach = Z * model.path("average_stderr").asDouble();
            low = Math.min(low, model.path("average").asDouble() - reach);
            high = Math.max(high, model.path("average").asDouble() + reach);
        }
        if (!(high > low)) {
            return "";
        }
        int height = ROW * (models.size() + 1);
        StringBuilder svg = new StringBuilder();
        begin(svg, "Average of the tasks with its 95 % interval", height);
        for (int i = 0; i <= TICKS; i++) {
            double value = low + (high - low) * i / TICKS;
            double at = across(value, low, high);
            svg.append(
                    Html.number(
                            "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"0\" y2=\"%d\""
                                    + " stroke=\"var(--line)\"/><text x=\"%.1f\" y=\"%d\""
                                    + " text-anchor=\"middle\">%.1f %%</text>\n",
                            at, at, height - ROW, at, height - 6, 100 * value));
        }
        for (int i = 0; i < models.size(); i++) {
            JsonNode model = models.get(i);
            double value = model.path("average").asDouble();
            double reach = Z * model.path("average_stderr").asDouble();
            double middle = ROW * (i + 0.5);
            String colour = model.path("tuned").asBoolean() ? "--two" : "--one";
            svg.append(
                    Html.number(
                            "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text><line"
                                    + " x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\""
                                    + " stroke=\"var(%s)\" stroke-width=\"2\"/><circle cx=\"%.1f\""
                                    + " cy=\"%.1f\" r=\"4\" fill=\"var(%s)\"/>\n",
                            NAMES - 10,
                            middle + 4,
                            Html.escape(model.path("model").asString()),
                            across(value - reach, low, high),
                            across(value + reach, low, high),
                            middle,
                            middle,
                            colour,
                            across(value, low, high),
                            middle,
                            colour));
        }
        return svg.append("</svg>\n").toString();
    }

    private static double across(double value, double low, double high) {
        return NAMES + 20 + (WIDTH - NAMES - 60) * (value - low) / (high - low);
    }
}
