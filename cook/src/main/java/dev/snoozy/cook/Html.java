package dev.snoozy.cook;

import java.util.Locale;

/** A page that is written piece by piece; all text is escaped. */
final class Html {
    private final StringBuilder page = new StringBuilder();

    /** Something that is markup already. */
    Html raw(String markup) {
        page.append(markup);
        return this;
    }

    Html text(String text) {
        page.append(escape(text));
        return this;
    }

    Html heading(String text) {
        return raw("<h2>").text(text).raw("</h2>\n");
    }

    Html paragraph(String text) {
        return raw("<p>").text(text).raw("</p>\n");
    }

    /** Where the numbers above or below are from. */
    Html source(String... files) {
        return raw("<p class=\"source\">from ").text(String.join(", ", files)).raw("</p>\n");
    }

    Html head(String... titles) {
        raw("<table><thead><tr>");
        for (String title : titles) {
            raw("<th>").text(title).raw("</th>");
        }
        return raw("</tr></thead><tbody>\n");
    }

    /** A row: the first cell is a name, the others are figures. */
    Html row(String... cells) {
        raw("<tr>");
        for (int i = 0; i < cells.length; i++) {
            raw(i == 0 ? "<td>" : "<td class=\"n\">").text(cells[i]).raw("</td>");
        }
        return raw("</tr>\n");
    }

    Html endTable() {
        return raw("</tbody></table>\n");
    }

    static String number(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    @Override
    public String toString() {
        return page.toString();
    }
}
