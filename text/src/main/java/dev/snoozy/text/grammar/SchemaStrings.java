package dev.snoozy.text.grammar;

import dev.snoozy.text.TextException;
import dev.snoozy.text.grammar.Expression.Both;
import dev.snoozy.text.grammar.Expression.Repeat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Strings of JSON Schema: their length in characters, patterns and formats. */
final class SchemaStrings {
    private static final String YEAR_MONTH_DAY =
            "[0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])"
                    + "|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))";
    private static final String TIME =
            "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,9})?"
                    + "(Z|[+\\-]([01][0-9]|2[0-3]):[0-5][0-9])";
    private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final String LABEL = "[a-zA-Z0-9]([a-zA-Z0-9\\-]{0,61}[a-zA-Z0-9])?";
    private static final String HOST = LABEL + "(\\." + LABEL + "){0,3}";
    private static final String HEX4 = "[0-9a-fA-F]{1,4}";

    /** The formats of the specification, section 7.3, each narrower where it is not regular. */
    private static final Map<String, String> FORMATS =
            Map.ofEntries(
                    Map.entry("date", YEAR_MONTH_DAY),
                    Map.entry("time", TIME),
                    Map.entry("date-time", YEAR_MONTH_DAY + "T" + TIME),
                    Map.entry(
                            "duration",
                            "P([0-9]{1,9}W|[0-9]{1,9}D(T" + clock() + ")?|T" + clock() + ")"),
                    Map.entry(
                            "uuid",
                            "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}"
                                    + "-[0-9a-fA-F]{12}"),
                    Map.entry(
                            "email",
                            "[a-zA-Z0-9_+\\-]{1,32}(\\.[a-zA-Z0-9_+\\-]{1,16}){0,2}@"
                                    + LABEL
                                    + "(\\."
                                    + LABEL
                                    + "){1,2}"),
                    Map.entry("hostname", HOST),
                    Map.entry("ipv4", BYTE + "(\\." + BYTE + "){3}"),
                    Map.entry("ipv6", HEX4 + "(:" + HEX4 + "){7}"),
                    Map.entry(
                            "uri",
                            "[a-zA-Z][a-zA-Z0-9+.\\-]{0,15}://"
                                    + HOST
                                    + "(:[1-9][0-9]{0,3})?(/[a-zA-Z0-9._~\\-]*)*"
                                    + "(\\?[a-zA-Z0-9._~=&\\-]*)?(#[a-zA-Z0-9._~\\-]*)?"));

    private SchemaStrings() {}

    private static String clock() {
        return "([0-9]{1,9}H([0-9]{1,9}M([0-9]{1,9}S)?)?|[0-9]{1,9}M([0-9]{1,9}S)?|[0-9]{1,9}S)";
    }

    static Expression compile(Schema schema) {
        List<Expression> parts = new ArrayList<>();
        if (schema.has("pattern")) {
            try {
                parts.add(JsonText.escaped(RegexParser.anywhere(schema.string("pattern"))));
            } catch (TextException e) {
                throw Schema.wrong(
                        schema.at("pattern"),
                        String.valueOf(e.getMessage()),
                        "a pattern that is supported");
            }
        }
        if (schema.has("format")) {
            String format = schema.string("format");
            String pattern = FORMATS.get(format);
            if (pattern == null) {
                throw Schema.wrong(
                        schema.at("format"),
                        "the format \"" + format + "\", which is not supported",
                        "one of " + String.join(", ", new TreeSet<>(FORMATS.keySet())));
            }
            parts.add(RegexParser.whole(pattern));
        }
        int least = schema.count("minLength", 0);
        int most = schema.count("maxLength", Expression.UNLIMITED);
        if (least > most) {
            throw Schema.wrong(schema.at("minLength"), "more than maxLength", "at most as many");
        }
        if (least > 0 || schema.has("maxLength")) {
            parts.add(new Repeat(JsonSyntax.CHARACTER, least, most));
        }
        if (parts.isEmpty()) {
            return JsonSyntax.STRING;
        }
        Expression body = parts.getFirst();
        for (Expression other : parts.subList(1, parts.size())) {
            body = new Both(body, other);
        }
        return JsonSyntax.quoted(body);
    }
}
