package dev.snoozy.tune;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** A page with the curves of a run. It needs nothing but itself. */
final class RunPage {
    private static final int WIDTH = 880;
    private static final int HEIGHT = 280;
    private static final int LEFT = 70;
    private static final int BOTTOM = 30;
    private static final int TICKS = 5;

    /** Points of a curve beyond this number are thinned out: nobody sees them. */
    private static final int MOST_POINTS = 2000;

    /** Measurements whose samples are shown. */
    private static final int MOST_SAMPLES = 50;

    private RunPage() {}

    /** A curve: steps and values. */
    private record Curve(String name, String colour, List<double[]> points) {}

    static String of(
            String title,
            String summary,
            List<RunFiles.Point> points,
            List<RunFiles.Answers> answers) {
        return """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><title>%1$s</title>
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <style>
        body { font: 15px/1.5 system-ui, sans-serif; max-width: 920px; margin: 2em auto;
          padding: 0 1em; color: #222; background: #fff; }
        svg { width: 100%%; height: auto; }
        h1 { font-size: 1.3em; } h2 { font-size: 1em; margin-bottom: 0; }
        pre { white-space: pre-wrap; }
        @media (prefers-color-scheme: dark) {
          body { color: #ddd; background: #181818; } svg text { fill: #ddd; } }
        </style></head><body>
        <h1>%1$s</h1><pre>%2$s</pre>
        %3$s%4$s%5$s%6$s
        </body></html>
        """
                .formatted(
                        escaped(title),
                        escaped(summary),
                        plot(
                                "Loss, nats per token",
                                curve("training", "#4472c4", points, false, RunFiles.Point::loss),
                                curve("validation", "#d1495b", points, true, RunFiles.Point::loss)),
                        plot(
                                "Norm of the gradients",
                                curve("norm", "#4472c4", points, false, RunFiles.Point::norm)),
                        plot(
                                "Learning rate",
                                curve("rate", "#4472c4", points, false, RunFiles.Point::rate)),
                        samples(answers));
    }

    /** What was generated, the latest first, and only that unfolded. */
    private static String samples(List<RunFiles.Answers> answers) {
        StringBuilder html = new StringBuilder();
        for (int i = answers.size() - 1; i >= Math.max(0, answers.size() - MOST_SAMPLES); i--) {
            RunFiles.Answers each = answers.get(i);
            html.append(i == answers.size() - 1 ? "<h2>Samples</h2>\n<details open>" : "<details>")
                    .append("<summary>after step ")
                    .append(each.step())
                    .append("</summary>\n");
            for (TuneSample sample : each.samples()) {
                html.append("<pre><b>")
                        .append(escaped(sample.prompt()))
                        .append("</b>\n")
                        .append(escaped(sample.text()))
                        .append(sample.ended() ? "" : " ...")
                        .append("</pre>\n");
            }
            html.append("</details>\n");
        }
        return html.toString();
    }

    private static Curve curve(
            String name,
            String colour,
            List<RunFiles.Point> points,
            boolean validation,
            ToDoubleFunction<RunFiles.Point> value) {
        List<double[]> found = new ArrayList<>();
        for (RunFiles.Point point : points) {
            double y = value.applyAsDouble(point);
            if (point.validation() == validation && Double.isFinite(y)) {
                found.add(new double[] {point.step(), y});
            }
        }
        int every = 1 + found.size() / MOST_POINTS;
        List<double[]> thin = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            if (i % every == 0 || i == found.size() - 1) {
                thin.add(found.get(i));
            }
        }
        return new Curve(name, colour, thin);
    }

    private static String plot(String title, Curve... curves) {
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
        svg.append("<h2>").append(escaped(title)).append("</h2>\n");
        svg.append(
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n"
                        .formatted(WIDTH, HEIGHT, escaped(title)));
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
            place += 90;
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

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
