package dev.snoozy.eval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.engine.LanguageModel;
import dev.snoozy.text.tokenizer.Tokenizer;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** The three protocols differ where they are said to, and nowhere else. */
class ProfilesTest {
    private static final Question SCENE =
            new Question.Scene(
                    3,
                    1,
                    "Baking [step]",
                    "A woman bakes. the CAKE",
                    "A woman bakes.",
                    "the CAKE",
                    List.of("is [title] done.", " rises  fast.  ", "burns.", "falls."));

    private static LanguageModel model;
    private static Tokenizer tokenizer;

    @BeforeAll
    static void load() throws IOException {
        model = Stories.exact();
        tokenizer = model.tokenizer();
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static Item item(String context, String... answers) {
        return new Item(
                0,
                0,
                Arrays.stream(answers).map(a -> new Item.Choice(context, " " + a, a)).toList());
    }

    private static Continuation first(Profile profile, Task task, Item item) {
        return new Encoder(tokenizer, profile).encode(task, item).getFirst();
    }

    private static int[] plain(String text) {
        return tokenizer.encode(text, false, false);
    }

    private static int[] joined(int[] a, int[] b) {
        int[] all = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, all, a.length, b.length);
        return all;
    }

    private static int[] begun(String text) {
        return joined(new int[] {tokenizer.vocabulary().bos()}, plain(text));
    }

    @Test
    void theBeginningTokenStandsBeforeTextsOfTodayAndOfLlamaCpp() {
        Item item = item("Tom had a", "dog", "cat");
        assertThat(first(Profile.GPT4ALL_2023, Task.PIQA, item).tokens()[0])
                .isNotEqualTo(tokenizer.vocabulary().bos());
        for (Profile profile : List.of(Profile.HARNESS_CURRENT, Profile.LLAMA_CPP)) {
            assertThat(first(profile, Task.PIQA, item).tokens()).isEqualTo(begun("Tom had a dog"));
            assertThat(new Encoder(tokenizer, profile).begins()).isTrue();
        }
        assertThat(new Encoder(tokenizer, Profile.GPT4ALL_2023).begins()).isFalse();
    }

    @Test
    void contextAndAnswerWereTokenisedApart() {
        Continuation old = first(Profile.GPT4ALL_2023, Task.BOOLQ, item("It is:", "yes", "no"));
        assertThat(old.tokens()).isEqualTo(joined(plain("It is:"), plain(" yes")));
        assertThat(old.from()).isEqualTo(plain("It is:").length);
        // A dummy blank of its own stands before each part.
        assertThat(old.tokens().length).isGreaterThan(plain("It is: yes").length);
        Continuation now = first(Profile.HARNESS_CURRENT, Task.BOOLQ, item("It is:", "yes", "no"));
        assertThat(now.tokens()).isEqualTo(begun("It is: yes"));
        assertThat(now.from()).isEqualTo(begun("It is:").length);
        assertThat(now.to()).isEqualTo(now.tokens().length);
    }

    @Test
    void trailingBlanksOfTheContextGoToTheAnswerToday() {
        Item item = item("Tom ran \n ", "home", "away");
        Continuation now = first(Profile.HARNESS_CURRENT, Task.PIQA, item);
        assertThat(now.from()).isEqualTo(begun("Tom ran").length);
        assertThat(now.tokens()).isEqualTo(begun("Tom ran \n  home"));
        Continuation old = first(Profile.GPT4ALL_2023, Task.PIQA, item);
        assertThat(old.from()).isEqualTo(plain("Tom ran \n ").length);
    }

    @Test
    void anEmptyContextIsOneToken() {
        Continuation now = first(Profile.HARNESS_CURRENT, Task.PIQA, item("", "home", "away"));
        assertThat(now.tokens()).isEqualTo(begun(" home"));
        assertThat(now.from()).isEqualTo(1);
        Continuation old = first(Profile.GPT4ALL_2023, Task.PIQA, item("", "home", "away"));
        assertThat(old.tokens()[0]).isEqualTo(tokenizer.vocabulary().eos());
        assertThat(old.from()).isEqualTo(1);
    }

    @Test
    void llamaCppScoresBehindTheCommonTokens() {
        Item item = item("Tom had a", "big dog", "big cat");
        List<Continuation> all = new Encoder(tokenizer, Profile.LLAMA_CPP).encode(Task.PIQA, item);
        int[] a = begun("Tom had a big dog");
        int[] b = begun("Tom had a big cat");
        int common = Arrays.mismatch(a, b);
        assertThat(all).extracting(Continuation::from).containsOnly(common);
        assertThat(common).isGreaterThan(begun("Tom had a").length);
    }

    @Test
    void llamaCppLeavesOutTheLastTokenOfASentence() {
        Question gap =
                new Question.Gap(
                        0,
                        0,
                        "Sue thanked Ann because _ had helped with it.",
                        List.of("Ann", "Sue"));
        Item item = Prompts.of(Task.WINOGRANDE, gap, Profile.LLAMA_CPP);
        Continuation one = first(Profile.LLAMA_CPP, Task.WINOGRANDE, item);
        int[] whole = begun("Sue thanked Ann because Ann had helped with it.");
        assertThat(one.tokens()).isEqualTo(whole);
        assertThat(one.from()).isEqualTo(begun("Sue thanked Ann because Ann").length);
        assertThat(one.to()).isEqualTo(whole.length - 1);
        // With few tokens behind the option the option itself is scored.
        Question brief = new Question.Gap(0, 0, "Sue hit Ann, so _ a", List.of("a", "i"));
        Item few = Prompts.of(Task.WINOGRANDE, brief, Profile.LLAMA_CPP);
        List<Continuation> both =
                new Encoder(tokenizer, Profile.LLAMA_CPP).encode(Task.WINOGRANDE, few);
        int common = Arrays.mismatch(both.get(0).tokens(), both.get(1).tokens());
        assertThat(both.getFirst().tokens().length - common).isLessThanOrEqualTo(3);
        assertThat(both).extracting(Continuation::from).containsOnly(common);
    }

    @Test
    void llamaCppTakesTheMeanOfTokensAndTheHarnessDividesByCharacters() {
        Item item = item("Once upon a time", "there was a girl", "the");
        EvalOptions options = new EvalOptions(Profile.HARNESS_CURRENT, "", "", 1, null);
        ItemResult now =
                new Evaluator(model, options, EvalListener.SILENT).judge(Task.PIQA, item, 512);
        assertThat(now.normalised().getFirst()).isEqualTo(now.scores().getFirst() / 16);
        EvalOptions other = new EvalOptions(Profile.LLAMA_CPP, "", "", 1, null);
        ItemResult mean =
                new Evaluator(model, other, EvalListener.SILENT).judge(Task.PIQA, item, 512);
        assertThat(mean.normalised()).isEqualTo(mean.scores());
        double sum =
                new PrefixScorer(model, 512)
                        .score(new Encoder(tokenizer, Profile.LLAMA_CPP).encode(Task.PIQA, item))
                        .getFirst()
                        .sum();
        assertThat(mean.scores().getFirst()).isEqualTo(sum / mean.tokens().getFirst());
    }

    @Test
    void charactersAreCodePointsOfTheAnswerWithoutItsBlank() {
        Item item = item("Tom saw a", "🐕", "dog");
        EvalOptions options = new EvalOptions(Profile.HARNESS_CURRENT, "", "", 1, null);
        ItemResult result =
                new Evaluator(model, options, EvalListener.SILENT).judge(Task.PIQA, item, 512);
        assertThat(result.normalised().get(0)).isEqualTo(result.scores().get(0));
        assertThat(result.normalised().get(1)).isEqualTo(result.scores().get(1) / 3);
    }

    @Test
    void scenesAreCleanedAndTheirSecondPartCapitalised() {
        Item harness = Prompts.of(Task.HELLASWAG, SCENE, Profile.HARNESS_CURRENT);
        assertThat(harness.choices().getFirst().context())
                .isEqualTo("Baking : A woman bakes. The cake");
        assertThat(harness.choices())
                .extracting(Item.Choice::continuation)
                .containsExactly(" is. done.", " rises fast.", " burns.", " falls.");
        assertThat(Prompts.of(Task.HELLASWAG, SCENE, Profile.GPT4ALL_2023)).isEqualTo(harness);
        Item llama = Prompts.of(Task.HELLASWAG, SCENE, Profile.LLAMA_CPP);
        assertThat(llama.choices().getFirst().context())
                .isEqualTo("Baking : A woman bakes. the CAKE");
    }

    @Test
    void capitalsAreThoseOfPython() {
        assertThat(Prompts.capitalised("the CAKE")).isEqualTo("The cake");
        assertThat(Prompts.capitalised("")).isEmpty();
        assertThat(Prompts.capitalised("ßA")).isEqualTo("Ssa");
        assertThat(Prompts.capitalised("ǆB")).isEqualTo("ǅb");
        assertThat(Prompts.capitalised("1A")).isEqualTo("1a");
        assertThat(Prompts.capitalised("😀A")).isEqualTo("😀a");
    }

    @Test
    void doubleBlanksAreHalvedInOnePass() {
        assertThat(Prompts.clean("a  b   c    d")).isEqualTo("a b  c  d");
        assertThat(Prompts.clean(" [title] x [a] y[b\nc] ")).isEqualTo(" x y[b\nc]");
    }

    @Test
    void questionsOfArcAreAnnouncedAndThoseOfTheOpenBookAreNot() {
        Question stem = new Question.Stem(0, 1, "What is up?", List.of("sky", "sea", "sand"));
        for (Profile profile : Profile.values()) {
            assertThat(Prompts.of(Task.ARC_EASY, stem, profile).choices().getFirst().context())
                    .isEqualTo("Question: What is up?\nAnswer:");
            assertThat(Prompts.of(Task.OPENBOOKQA, stem, profile).choices().getFirst().context())
                    .isEqualTo("What is up?");
        }
    }

    @Test
    void sentencesWithAGapAreScoredBehindTheOption() {
        Question gap = new Question.Gap(0, 1, "Tom beat _ , it hurt _ .", List.of("Al", "Bo"));
        Item item = Prompts.of(Task.WINOGRANDE, gap, Profile.HARNESS_CURRENT);
        assertThat(item.choices().get(1))
                .isEqualTo(new Item.Choice("Tom beat Bo", " , it hurt _ .", ", it hurt _ ."));
    }
}
