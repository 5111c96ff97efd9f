package dev.snoozy.text.template;

/**
 * A token of a template.
 *
 * @param text a name's or an operator's spelling, a string's or data's content
 * @param value a number's value, else the text
 */
record Token(Type type, String text, Object value, int line) {
    enum Type {
        DATA,
        BLOCK_BEGIN,
        BLOCK_END,
        PRINT_BEGIN,
        PRINT_END,
        NAME,
        STRING,
        INTEGER,
        FLOAT,
        OPERATOR,
        END
    }

    static Token of(Type type, String text, int line) {
        return new Token(type, text, text, line);
    }

    boolean isName(String name) {
        return type == Type.NAME && text.equals(name);
    }

    boolean isOperator(String operator) {
        return type == Type.OPERATOR && text.equals(operator);
    }

    /** The token as error messages name it. */
    String described() {
        return switch (type) {
            case DATA -> "template data / text";
            case BLOCK_BEGIN -> "begin of statement block";
            case BLOCK_END -> "end of statement block";
            case PRINT_BEGIN -> "begin of print statement";
            case PRINT_END -> "end of print statement";
            case NAME, OPERATOR -> text;
            case STRING -> "string";
            case INTEGER -> "integer";
            case FLOAT -> "float";
            case END -> "end of template";
        };
    }
}
