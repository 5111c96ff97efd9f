package dev.snoozy.text.tokenizer;

import static dev.snoozy.text.tokenizer.Text.LETTER;
import static dev.snoozy.text.tokenizer.Text.NUMBER;
import static dev.snoozy.text.tokenizer.Text.PUNCTUATION;

import dev.snoozy.text.TextException;
import dev.snoozy.text.tokenizer.Words.Contractions;
import dev.snoozy.text.tokenizer.Words.Letters;

import java.util.Map;
import java.util.TreeMap;

/**
 * The pre-tokenizers by their names in {@code tokenizer.ggml.pre}. The names and what goes with
 * them are facts of llama.cpp (llama-vocab.cpp). Where that file approximates a model's expression
 * (tekken, gpt-4o and their kin), this one follows the model's tokenizer.json.
 */
final class PreTokenizers {
    /** The name of a file without one. */
    static final String DEFAULT = "default";

    private static final int ANY = Integer.MAX_VALUE;

    private static final Stage GPT2 = Stage.of(Expressions::gpt2);
    private static final Stage CL100K = Stage.of(Words.cl100k(3));
    private static final Stage QWEN2 = Stage.of(Words.cl100k(1));
    private static final Stage O200K = Stage.of(Words.o200k(Contractions.JOINED, 3));
    private static final Stage DEEPSEEK3 = Stage.of(Expressions::deepseek3);
    private static final Stage LINES = Stage.of(Expressions::lines);
    private static final Stage THREE_DIGITS = Stage.of(Expressions::threeDigits);
    private static final Stage DIGIT = digits(1);
    private static final Stage DIGITS = digits(ANY);
    private static final Stage UP_TO_3_DIGITS = digits(3);

    /** {@code [\r\n]}. */
    private static final Stage LINE_ENDS = Stage.of(Expressions.one(0, CharacterSet.of("\r\n")));

    /** Letters of scripts that have upper and lower case, as deepseek-llm lists them. */
    private static final CharacterSet CASED =
            CharacterSet.ofHex(
                    "41-5A 61-7A B5 C0-D6 D8-F6 F8-1BA 1BC-1BF 1C4-293 295-2AF 370-373 376-377"
                            + " 37B-37D 37F 386 388-38A 38C 38E-3A1 3A3-3F5 3F7-481 48A-52F 531-556"
                            + " 10A0-10C5 13A0-13F5 13F8-13FD 1C90-1CBA 1CBD-1CBF 1D00-1D2B"
                            + " 1D6B-1D77 1D79-1D9A 1E00-1F15 1F18-1F1D 1F20-1F45 1F48-1F4D"
                            + " 1F50-1F57 1F59 1F5B 1F5D 1F5F-1F7D 1F80-1FB4 1FB6-1FBC 1FBE"
                            + " 1FC2-1FC4 1FC6-1FCC 1FD0-1FD3 1FD6-1FDB 1FE0-1FEC 1FF2-1FF4"
                            + " 1FF6-1FFC 2102 2107 210A-2113 2115 2119-211D 2124 2126 2128"
                            + " 212A-212D 212F-2134 2139 213C-213F 2145-2149 214E 2183-2184"
                            + " 2C00-2C7B 2C7E-2CE4 2CEB-2CEE 2CF2-2CF3 A640-A66D A680-A69B"
                            + " A722-A76F A771-A787 A78B-A78E AB70-ABBF FB00-FB06 FB13-FB17"
                            + " FF21-FF3A FF41-FF5A 10400-1044F 104B0-104D3 104D8-104FB"
                            + " 10C80-10CB2 10CC0-10CF2 118A0-118DF 1E900-1E943");

    /** Punctuation of ASCII and of Chinese text, as deepseek-llm lists it; holds letters too. */
    private static final CharacterSet DEEPSEEK_MARKS =
            CharacterSet.ofHex("21-2F 3A-7E FF01-FF0F FF1A-FF5E 2018-201F 3000-3002");

    /** Chinese, Japanese, Korean and what else lies between (deepseek-llm, deepseek-coder). */
    private static final Stage EAST_ASIA =
            Stage.of(Expressions.run(CharacterSet.ofHex("800-9FA5 AC00-D7FF")));

    /** Chinese and Japanese (deepseek-v3). */
    private static final Stage CHINESE =
            Stage.of(Expressions.run(CharacterSet.ofHex("4E00-9FA5 3040-30FF")));

    /** What ends a word in bloom and its kin, besides white space. */
    private static final Stage BLOOM =
            Stage.of(
                    Expressions.without(
                            CharacterSet.ofHex(
                                    "28 29 7C 2E 2C 21 3F 2026 3002 FF0C 3001 964 6D4 60C")));

    private static final Map<String, PreTokenizer> BY_NAME = table();

    private PreTokenizers() {}

    /** The pre-tokenizer of a name; a {@link TextException} lists the known names. */
    static PreTokenizer of(String name) {
        PreTokenizer found = BY_NAME.get(name);
        if (found == null) {
            throw new TextException(
                    "tokenizer.ggml.pre: found "
                            + name
                            + ", expected one of "
                            + String.join(", ", BY_NAME.keySet()));
        }
        return found;
    }

    private static Map<String, PreTokenizer> table() {
        Map<String, PreTokenizer> table = new TreeMap<>();
        gpt2(table);
        cl100k(table);
        o200k(table);
        deepseek(table);
        others(table);
        return table;
    }

    private static void gpt2(Map<String, PreTokenizer> table) {
        PreTokenizer plain = PreTokenizer.of(GPT2);
        put(table, plain, "gpt-2", "phi-2", "jina-es", "jina-de", "jina-v1-en", "jina-v2-es");
        put(table, plain, "jina-v2-de", "jina-v2-code", "gigachat", "a.x-4.0", "mellum");
        put(table, plain, "modern-bert", "roberta-bpe", "mpt", "olmo", "jais", "exaone4");
        put(table, plain.keepsSpaces(), "trillion", "granite-docling");
        PreTokenizer digits = PreTokenizer.of(DIGIT, GPT2);
        put(table, digits, "starcoder", "refact", "codeshell", "exaone", "minerva-7b", "mellum2");
        put(table, digits.keepsSpaces(), "command-r", "smollm");
        put(table, PreTokenizer.of(marks("$+<=>^~|"), GPT2, DIGITS, THREE_DIGITS), DEFAULT);
        put(table, PreTokenizer.of(marks("$+<=>^~|`"), GPT2, THREE_DIGITS), "falcon");
        put(
                table,
                PreTokenizer.of(
                                Stage.of(Expressions::sentinels),
                                Stage.of(Expressions::images),
                                Stage.of(Expressions::indents),
                                DIGIT,
                                Stage.of(
                                        Expressions.one(
                                                PUNCTUATION, CharacterSet.of("!-/:-@[-`{-~"))),
                                GPT2)
                        .startsWithBos()
                        .keepsSpaces(),
                "chameleon");
    }

    private static void cl100k(Map<String, PreTokenizer> table) {
        PreTokenizer three = PreTokenizer.of(CL100K);
        put(table, three, "dbrx", "smaug-bpe", "glm4", "chatglm-bpe");
        put(
                table,
                three.takesWholeWords().startsWithBos(),
                "llama3",
                "llama-v3",
                "llama-bpe",
                "falcon3",
                "falcon-h1",
                "pixtral",
                "midm-2.0",
                "lfm2",
                "jina-v5-nano");
        put(table, PreTokenizer.of(CL100K, Groups::cascade), "jais-2");
        put(
                table,
                PreTokenizer.of(UP_TO_3_DIGITS, Stage.of(Words.cl100k(ANY))).takesWholeWords(),
                "minicpm5");
        PreTokenizer one = PreTokenizer.of(QWEN2);
        put(table, one, "stablelm2", "megrez");
        put(
                table,
                one.keepsSpaces(),
                "qwen2",
                "deepseek-r1-qwen",
                "kormo",
                "f2llmv2",
                "hunyuan",
                "solar-open",
                "grok-2",
                "bailingmoe",
                "bailingmoe2",
                "llada-moe");
        put(table, words(Words.cl100k(1).with(Contractions.NONE)).keepsSpaces(), "ufakzeka");
        put(table, words(Words.cl100k(1).with(Letters.MARKED)).keepsSpaces(), "qwen35");
        put(table, words(Words.cl100k(1).withTail("", 0)).keepsSpaces(), "seed-coder");
        put(table, words(Words.cl100k(1).with(Letters.PHRASES).withTail("\r\n/", 1)), "exaone-moe");
        put(table, PreTokenizer.of(LINES, QWEN2).keepsSpaces(), "laguna");
    }

    private static void o200k(Map<String, PreTokenizer> table) {
        PreTokenizer plain = PreTokenizer.of(O200K).keepsSpaces();
        put(table, plain, "gpt-4o", "llama4", "kanana2", "talkie", "minimax-m2");
        put(table, plain.takesWholeWords(), "granite-embed-multi-97m");
        put(
                table,
                PreTokenizer.of(Groups::thousandsOfWords, O200K).keepsSpaces(),
                "tiny_aya",
                "cohere2moe");
        put(
                table,
                words(Words.o200k(Contractions.NONE, 1))
                        .takesWholeWords()
                        .startsWithBos()
                        .keepsSpaces(),
                "tekken");
        put(
                table,
                words(
                                Words.o200k(Contractions.JOINED, 3)
                                        .with(Letters.CASED_BUT_HAN)
                                        .withTail("\r\n", ANY))
                        .keepsSpaces(),
                "kimi-k2");
        put(
                table,
                PreTokenizer.of(
                                Stage.of(
                                        Expressions.firstRun(
                                                CharacterSet.ofHex("AC00-D7A3 3131-318E"),
                                                CharacterSet.ofHex(
                                                        "FF01 2026 201C-201D 2018-2019 2014 FF1A"
                                                                + " FF1B FF0C 3001-303F FE30-FE4F"),
                                                CharacterSet.ofHex("3105-312F"),
                                                CharacterSet.ofHex("4E00-9FA5 3040-30FF"))),
                                Stage.of(Words.o200k(Contractions.JOINED, 1)))
                        .takesWholeWords()
                        .keepsSpaces(),
                "youtu");
    }

    private static void deepseek(Map<String, PreTokenizer> table) {
        put(
                table,
                PreTokenizer.of(
                                LINE_ENDS,
                                Stage.of(Expressions.spacedRun(CASED)),
                                Stage.of(Expressions.spacedRun(DEEPSEEK_MARKS)),
                                Stage.of(Expressions::lastSpaces),
                                EAST_ASIA,
                                DIGITS)
                        .keepsSpaces(),
                "deepseek-llm");
        put(
                table,
                PreTokenizer.of(
                                LINE_ENDS,
                                Stage.of(Expressions.spacedRun(LETTER)),
                                Stage.of(Expressions.spacedRun(PUNCTUATION)),
                                EAST_ASIA,
                                DIGIT)
                        .keepsSpaces(),
                "deepseek-coder");
        put(
                table,
                PreTokenizer.of(UP_TO_3_DIGITS, CHINESE, DEEPSEEK3).keepsSpaces(),
                "deepseek-v3",
                "hunyuan-dense",
                "joyai-llm",
                "hy_v4");
        put(
                table,
                PreTokenizer.of(UP_TO_3_DIGITS, CHINESE, Stage.of(Expressions::spark), DIGIT)
                        .keepsSpaces(),
                "spark2_5");
        put(
                table,
                PreTokenizer.of(
                                Groups::thousands,
                                Stage.of(
                                        Expressions.run(
                                                CharacterSet.ofHex(
                                                        "4E00-9FFF 3400-4DBF F900-FAFF 3040-30FF"
                                                                + " FF65-FF9F 2F00-2FDF E40-E7F"
                                                                + " E80-EFF 1780-17FF 1000-109F"
                                                                + " AA60-AA7F A9E0-A9FF AC00-D7AF"
                                                                + " 1100-11FF"))),
                                DEEPSEEK3)
                        .keepsSpaces(),
                "afmoe");
    }

    private static void others(Map<String, PreTokenizer> table) {
        PreTokenizer bloom = PreTokenizer.of(BLOOM);
        put(table, bloom, "bloom", "gpt3-finnish");
        put(table, bloom.keepsSpaces(), "poro-chat");
        put(table, PreTokenizer.of(BLOOM, DIGIT).keepsSpaces(), "viking");
        put(table, PreTokenizer.of(DIGITS, Groups::thousands).keepsSpaces(), "superbpe");
        PreTokenizer lines = PreTokenizer.of(LINES).onRawText();
        put(table, lines.startsWithBos(), "gemma4", "granite-embed-multi-311m");
        put(table, lines.keepsSpaces(), "sarvam-moe");
    }

    private static void put(
            Map<String, PreTokenizer> table, PreTokenizer preTokenizer, String... names) {
        for (String name : names) {
            table.put(name, preTokenizer);
        }
    }

    private static PreTokenizer words(Words words) {
        return PreTokenizer.of(Stage.of(words));
    }

    /** {@code \p{N}{1,n}}. */
    private static Stage digits(int atMost) {
        return Stage.of(Expressions.run(NUMBER, atMost));
    }

    /** {@code [\p{P}...]+} with the listed characters. */
    private static Stage marks(String others) {
        return Stage.of(Expressions.run(PUNCTUATION, CharacterSet.of(others)));
    }
}
