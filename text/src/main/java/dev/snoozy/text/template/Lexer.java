package dev.snoozy.text.template;

import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Splits a template into tokens. Whitespace is controlled as chat templates expect: the first
 * newline after a block or comment is dropped (trim_blocks), whitespace before a block or comment
 * that begins its line is dropped (lstrip_blocks), and one newline at the end of the source is
 * dropped.
 */
final class Lexer {
    private static final List<String> OPERATORS =
            List.of(
                    "//", "**", "==", "!=", "<=", ">=", "+", "-", "/", "*", "%", "~", "[", "]", "(",
                    ")", "{", "}", ">", "<", "=", ".", ":", "|", ",", ";");

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private final Deque<Character> open = new ArrayDeque<>();
    private int at;
    private int line = 1;
    private int countedTo;

    /** Whether what was read last ended a line, as the beginning of the source does. */
    private boolean lineBegins = true;

    private Lexer(String source) {
        this.source = source;
    }

    /** The tokens of a template; the last is {@link Token.Type#END}. */
    static List<Token> tokens(String source) {
        String normal = source.replace("\r\n", "\n").replace('\r', '\n');
        if (normal.endsWith("\n")) {
            normal = normal.substring(0, normal.length() - 1);
        }
        Lexer lexer = new Lexer(normal);
        lexer.readTemplate();
        return lexer.tokens;
    }

    private void readTemplate() {
        while (at < source.length()) {
            int begin = nextTag();
            if (begin < 0) {
                addData(source.substring(at));
                at = source.length();
                break;
            }
            readTag(begin);
        }
        tokens.add(Token.of(Token.Type.END, "", lineAt(at)));
    }

    /** The index of the next opening delimiter, or -1. */
    private int nextTag() {
        for (int i = source.indexOf('{', at); i >= 0; i = source.indexOf('{', i + 1)) {
            if (i + 1 < source.length() && "{%#".indexOf(source.charAt(i + 1)) >= 0) {
                return i;
            }
        }
        return -1;
    }

    private void readTag(int begin) {
        char kind = source.charAt(begin + 1);
        String data = source.substring(at, begin);
        int inside = begin + 2;
        char sign = charAt(inside);
        if (sign == '-' || sign == '+') {
            inside++;
        }
        addData(trimmedBefore(data, sign, kind == '{'));
        at = inside;
        lineBegins = false;
        int raw = kind == '%' ? rawBodyAfter(inside) : -1;
        if (raw >= 0) {
            readRaw(raw);
        } else if (kind == '#') {
            readComment();
        } else {
            readInside(kind == '%', lineAt(begin));
        }
    }

    /** Text before a tag, without the whitespace that the tag's sign or lstrip_blocks removes. */
    private String trimmedBefore(String data, char sign, boolean print) {
        if (sign == '-') {
            return Strings.stripTrailing(data);
        }
        if (sign == '+' || print) {
            return data;
        }
        int lineStart = data.lastIndexOf('\n') + 1;
        boolean blank = lineStart < data.length() && Strings.isBlank(data.substring(lineStart));
        return blank && (lineStart > 0 || lineBegins) ? data.substring(0, lineStart) : data;
    }

    private void addData(String data) {
        if (!data.isEmpty()) {
            tokens.add(Token.of(Token.Type.DATA, data, lineAt(at)));
        }
    }

    /** If a raw tag goes on at an index: the index after it, else -1. */
    private int rawBodyAfter(int index) {
        int name = skipSpace(index);
        if (!source.startsWith("raw", name)) {
            return -1;
        }
        int end = skipSpace(name + 3);
        if (source.startsWith("-%}", end)) {
            return skipSpace(end + 3);
        }
        return source.startsWith("%}", end) ? end + 2 : -1;
    }

    private void readRaw(int body) {
        if (body == source.length()) {
            at = body;
            return;
        }
        for (int i = source.indexOf("{%", body); i >= 0; i = source.indexOf("{%", i + 1)) {
            char sign = charAt(i + 2);
            int name = skipSpace(sign == '-' || sign == '+' ? i + 3 : i + 2);
            if (!source.startsWith("endraw", name)) {
                continue;
            }
            int end = blockEndAfter(skipSpace(name + 6));
            if (end >= 0) {
                at = body;
                lineBegins = source.charAt(body - 1) == '\n';
                addData(trimmedBefore(source.substring(body, i), sign, false));
                moveTo(end);
                return;
            }
        }
        throw TemplateException.syntax("Missing end of raw directive", lineAt(at));
    }

    private void readComment() {
        int end = source.indexOf("#}", at);
        if (end < 0) {
            if (at < source.length()) {
                throw TemplateException.syntax("Missing end of comment tag", lineAt(at));
            }
            return;
        }
        char sign = end > at ? source.charAt(end - 1) : ' ';
        if (sign == '-') {
            moveTo(skipSpace(end + 2));
        } else {
            moveTo(sign != '+' && charAt(end + 2) == '\n' ? end + 3 : end + 2);
        }
    }

    private void moveTo(int index) {
        at = index;
        lineBegins = source.charAt(index - 1) == '\n';
    }

    /** If a block ends at an index: the index after it and the whitespace it removes, else -1. */
    private int blockEndAfter(int index) {
        if (source.startsWith("-%}", index)) {
            return skipSpace(index + 3);
        }
        if (source.startsWith("+%}", index)) {
            return index + 3;
        }
        if (source.startsWith("%}", index)) {
            return charAt(index + 2) == '\n' ? index + 3 : index + 2;
        }
        return -1;
    }

    /** If a print statement ends at an index: the index after it, else -1. */
    private int printEndAfter(int index) {
        if (source.startsWith("-}}", index)) {
            return skipSpace(index + 3);
        }
        return source.startsWith("}}", index) ? index + 2 : -1;
    }

    private void readInside(boolean block, int beginLine) {
        tokens.add(
                block
                        ? Token.of(Token.Type.BLOCK_BEGIN, "{%", beginLine)
                        : Token.of(Token.Type.PRINT_BEGIN, "{{", beginLine));
        open.clear();
        while (at < source.length()) {
            int end = open.isEmpty() ? (block ? blockEndAfter(at) : printEndAfter(at)) : -1;
            if (end >= 0) {
                Token.Type type = block ? Token.Type.BLOCK_END : Token.Type.PRINT_END;
                tokens.add(Token.of(type, block ? "%}" : "}}", lineAt(at)));
                moveTo(end);
                return;
            }
            readToken();
        }
    }

    private void readToken() {
        int c = source.codePointAt(at);
        if (Strings.isSpace(c)) {
            at = skipSpace(at);
        } else if (c >= '0' && c <= '9') {
            readNumber();
        } else if (Character.isUnicodeIdentifierStart(c) || c == '_') {
            readName();
        } else if (c == '\'' || c == '"') {
            readString((char) c);
        } else {
            readOperator();
        }
    }

    private void readName() {
        int end = at;
        while (end < source.length()
                && Character.isUnicodeIdentifierPart(source.codePointAt(end))
                && !Character.isIdentifierIgnorable(source.codePointAt(end))) {
            end += Character.charCount(source.codePointAt(end));
        }
        tokens.add(Token.of(Token.Type.NAME, source.substring(at, end), lineAt(at)));
        at = end;
    }

    private void readOperator() {
        for (String operator : OPERATORS) {
            if (source.startsWith(operator, at)) {
                balance(operator.charAt(0));
                tokens.add(Token.of(Token.Type.OPERATOR, operator, lineAt(at)));
                at += operator.length();
                return;
            }
        }
        throw TemplateException.syntax(
                "unexpected char '%s' at %d"
                        .formatted(Character.toString(source.codePointAt(at)), at),
                lineAt(at));
    }

    private void balance(char operator) {
        switch (operator) {
            case '{' -> open.push('}');
            case '(' -> open.push(')');
            case '[' -> open.push(']');
            case '}', ')', ']' -> {
                Character expected = open.poll();
                if (expected == null || expected != operator) {
                    String cure = expected == null ? "" : ", expected '" + expected + "'";
                    throw TemplateException.syntax(
                            "unexpected '" + operator + "'" + cure, lineAt(at));
                }
            }
            default -> {}
        }
    }

    private void readNumber() {
        int start = at;
        int end = digitsAfter(at, 10);
        int fraction = charAt(end) == '.' ? digitsAfter(end + 1, 10) : -1;
        int mantissa = fraction > 0 ? fraction : end;
        int exponent = exponentAfter(mantissa);
        boolean afterDot = start > 0 && source.charAt(start - 1) == '.';
        if (!afterDot && (fraction > 0 || exponent > 0)) {
            at = Math.max(mantissa, exponent);
            String digits = source.substring(start, at).replace("_", "");
            tokens.add(new Token(Token.Type.FLOAT, digits, Double.valueOf(digits), lineAt(start)));
            return;
        }
        readInteger(start, end);
    }

    private void readInteger(int start, int decimalEnd) {
        int radix =
                switch (charAt(start) == '0' ? Character.toLowerCase(charAt(start + 1)) : ' ') {
                    case 'x' -> 16;
                    case 'o' -> 8;
                    case 'b' -> 2;
                    default -> 10;
                };
        int digits = charAt(start + 2) == '_' ? start + 3 : start + 2;
        int end = radix == 10 ? -1 : digitsAfter(digits, radix);
        if (end < 0) {
            radix = 10;
            digits = start;
            end = charAt(start) == '0' ? zerosAfter(start) : decimalEnd;
        }
        String text = source.substring(digits, end).replace("_", "");
        if (text.length() > Numbers.MOST_DIGITS) {
            throw TemplateException.syntax(
                    "an integer of %d digits is longer than %d"
                            .formatted(text.length(), Numbers.MOST_DIGITS),
                    lineAt(start));
        }
        Object value = Numbers.of(new BigInteger(text, radix));
        tokens.add(new Token(Token.Type.INTEGER, text, value, lineAt(start)));
        at = end;
    }

    /** The index after digits that may be separated by single underscores, or -1 for none. */
    private int digitsAfter(int index, int radix) {
        int end = -1;
        int i = index;
        while (Character.digit(charAt(i), radix) >= 0 && charAt(i) < 128) {
            end = ++i;
            if (charAt(i) == '_') {
                i++;
            }
        }
        return end;
    }

    private int zerosAfter(int index) {
        int end = index + 1;
        while (charAt(end) == '0' || charAt(end) == '_' && charAt(end + 1) == '0') {
            end++;
        }
        return end;
    }

    private int exponentAfter(int index) {
        if (Character.toLowerCase(charAt(index)) != 'e') {
            return -1;
        }
        char sign = charAt(index + 1);
        return digitsAfter(sign == '+' || sign == '-' ? index + 2 : index + 1, 10);
    }

    private void readString(char quote) {
        int end = at + 1;
        while (end < source.length() && source.charAt(end) != quote) {
            end += source.charAt(end) == '\\' ? 2 : 1;
        }
        int where = lineAt(at);
        if (end >= source.length()) {
            throw TemplateException.syntax(
                    "unexpected char \"%s\" at %d".formatted(quote, at), where);
        }
        String text = StringLiteral.unescape(source.substring(at + 1, end), where);
        tokens.add(Token.of(Token.Type.STRING, text, where));
        at = end + 1;
    }

    private int skipSpace(int index) {
        int end = index;
        while (end < source.length() && Strings.isSpace(source.charAt(end))) {
            end++;
        }
        return end;
    }

    /** The character at an index, or a space past the end. */
    private char charAt(int index) {
        return index < source.length() ? source.charAt(index) : ' ';
    }

    /** The line of an index; indexes are asked for in rising order, or nearly so. */
    private int lineAt(int index) {
        for (; countedTo < index; countedTo++) {
            if (source.charAt(countedTo) == '\n') {
                line++;
            }
        }
        return line;
    }
}
