package dev.snoozy.cook;

import dev.snoozy.tune.CurvePlot;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;

/** Plots as SVG. */
final class Plot {
    private static final int WIDTH = 880;
    private static final int TICKS = 4;
    private static final int ROW = 24;
    private static final int NAMES = 150;
    private static final double Z = 1.96;

    private Plot() {}

    static CurvePlot.Curve curve(String name, String colour, JsonNode entries, String field) {
        List<double[]> points = new ArrayList<>();
        for (JsonNode entry : entries) {
            if (entry.path(field).isNumber()) {
                points.add(
                        new double[] {entry.path("step").asDouble(), entry.path(field).asDouble()});
            }
        }
        return new CurvePlot.Curve(name, colour, points);
    }

    /** Curves over steps; nothing where there are no points. */
    static String lines(String title, CurvePlot.Curve... curves) {
        String svg = CurvePlot.svg(title, List.of(curves));
        return svg.isEmpty() ? "" : "<h3>" + title + "</h3>\n" + svg;
    }

    private static void begin(StringBuilder svg, String title, int height) {
        svg.append(
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n"
                        .formatted(WIDTH, height, Html.escape(title)));
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
