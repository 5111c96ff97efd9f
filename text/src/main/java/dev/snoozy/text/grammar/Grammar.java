package dev.snoozy.text.grammar;

import dev.snoozy.text.TextException;
import dev.snoozy.text.tokenizer.Vocabulary;

import java.lang.ref.SoftReference;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * Which texts are allowed. {@code docs/grammars.md} says what of each notation is supported; what
 * is not is refused by its name.
 *
 * <p>Immutable and thread-safe. Compiled when it is made, so keep it where it is used again. Every
 * method that makes one throws a {@link TextException} for a source that cannot be used, or a
 * grammar that is too large.
 */
public final class Grammar {
    /** Of each vocabulary in use its tokens, which do not refer to it. */
    private static final Map<Vocabulary, VocabularyTokens> TOKENS = new WeakHashMap<>();

    private final Expression expression;
    private final Automaton automaton;

    /** What was made of this for vocabularies, by the texts that it starts after. */
    private final Map<Vocabulary, Map<List<String>, SoftReference<TokenGrammar>>> overTokens =
            new WeakHashMap<>();

    Grammar(Expression expression) {
        this.expression = expression;
        automaton = Compiler.compile(expression);
    }

    /**
     * A grammar in llama.cpp's notation GBNF: rules {@code name ::= ...}, of which {@code root}
     * says what the whole text is.
     */
    public static Grammar gbnf(String source) {
        return new Grammar(new GbnfParser(source).parse());
    }

    /** A JSON text whose outermost value is an object. */
    public static Grammar json() {
        return Json.ANY_OBJECT;
    }

    /**
     * The JSON texts that fulfil a JSON Schema (2020-12). The members of an object come in the
     * order of its schema.
     */
    public static Grammar jsonSchema(String schemaJson) {
        return new Grammar(SchemaCompiler.compile(schemaJson));
    }

    /** The texts that a regular expression matches as a whole. */
    public static Grammar regex(String pattern) {
        return new Grammar(RegexParser.whole(pattern));
    }

    /** One of some texts. */
    public static Grammar choice(List<String> texts) {
        if (texts.isEmpty()) {
            throw new TextException("choice: expected at least one text, found none");
        }
        Limits.checkSource("choice", texts.stream().mapToLong(String::length).sum());
        texts.forEach(text -> checkWhole("choice", text));
        return new Grammar(new Expression.Choice(texts.stream().map(Expression::literal).toList()));
    }

    /** One text. */
    public static Grammar literal(String text) {
        return choice(List.of(text));
    }

    /** A text of each grammar, one after the other. */
    public static Grammar sequence(Grammar... parts) {
        return new Grammar(
                new Expression.Sequence(Arrays.stream(parts).map(Grammar::embedded).toList()));
    }

    /** A text of one of some grammars, at least one. */
    public static Grammar anyOf(List<Grammar> options) {
        if (options.isEmpty()) {
            throw new TextException("anyOf: expected at least one grammar, found none");
        }
        return new Grammar(new Expression.Choice(options.stream().map(Grammar::embedded).toList()));
    }

    /**
     * From {@code least} to {@code most} texts of a grammar, one after the other.
     *
     * @param most {@link Integer#MAX_VALUE} for any number
     */
    public static Grammar repeat(Grammar body, int least, int most) {
        if (least < 0 || most < least) {
            throw new TextException(
                    "repeat: expected 0 <= least <= most, found " + least + " and " + most);
        }
        return new Grammar(new Expression.Repeat(body.embedded(), least, most));
    }

    Automaton automaton() {
        return automaton;
    }

    private Expression embedded() {
        return new Expression.Call(new Expression.Rule("embedded", expression));
    }

    /** Whether a whole text is allowed; a text with half a surrogate pair never is. */
    public boolean matches(String text) {
        if (isHalved(text)) {
            return false;
        }
        Machine machine = new Machine(automaton);
        return machine.next(machine.start(), text.getBytes(StandardCharsets.UTF_8)).ended;
    }

    /** Compiled when it is first used. */
    private static final class Json {
        static final Grammar ANY_OBJECT = new Grammar(JsonSyntax.anyObject());
    }

    /** This over the tokens of a vocabulary; see {@link TokenGrammar}. */
    TokenGrammar over(Vocabulary vocabulary, List<String> startAfter) {
        VocabularyTokens tokens = tokens(vocabulary);
        List<String> key = List.copyOf(startAfter);
        synchronized (overTokens) {
            Map<List<String>, SoftReference<TokenGrammar>> known =
                    overTokens.computeIfAbsent(vocabulary, v -> new HashMap<>());
            SoftReference<TokenGrammar> reference = known.get(key);
            TokenGrammar made = reference == null ? null : reference.get();
            if (made == null) {
                made = new TokenGrammar(after(key), tokens, vocabulary, !key.isEmpty());
                known.put(key, new SoftReference<>(made));
            }
            return made;
        }
    }

    private Automaton after(List<String> texts) {
        if (texts.isEmpty()) {
            return automaton;
        }
        Limits.checkSource(
                "texts that a grammar starts after",
                texts.stream().mapToLong(String::length).sum() * 256);
        texts.forEach(text -> checkWhole("texts that a grammar starts after", text));
        return Compiler.compile(new Expression.FreeUntil(texts, embedded()));
    }

    private static VocabularyTokens tokens(Vocabulary vocabulary) {
        synchronized (TOKENS) {
            return TOKENS.computeIfAbsent(vocabulary, VocabularyTokens::new);
        }
    }

    private static void checkWhole(String what, String text) {
        if (isHalved(text)) {
            throw new TextException(
                    what + ": expected whole characters, found half a surrogate pair");
        }
    }

    private static boolean isHalved(String text) {
        return text.codePoints()
                .anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }
}
