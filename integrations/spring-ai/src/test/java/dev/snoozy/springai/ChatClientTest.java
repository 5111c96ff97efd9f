package dev.snoozy.springai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.OutputConstraint;
import dev.snoozy.engine.ToolChoice;
import dev.snoozy.text.grammar.Grammar;

import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.advisor.MessageChatMemoryAdvisor;
import org.springframework.ai.chat.memory.ChatMemory;
import org.springframework.ai.chat.memory.MessageWindowChatMemory;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.ToolContext;
import org.springframework.ai.converter.BeanOutputConverter;
import org.springframework.ai.tool.annotation.Tool;
import org.springframework.ai.tool.annotation.ToolParam;
import org.springframework.core.ParameterizedTypeReference;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;

/**
 * What the documentation of Spring AI says that a {@link ChatClient} can do, done with a model of
 * random weights: the tests of its own client are not published.
 */
@NullUnmarked // what Spring AI returns may be null to it; here that fails the test
class ChatClientTest {
    private static LanguageModel random;
    private static ChatClient client;

    @BeforeAll
    static void load() {
        random = Models.loadRandom();
        client =
                ChatClient.builder(
                                SnoozyChatModel.builder(random)
                                        .options(options().maxTokens(20).build())
                                        .build())
                        .build();
    }

    @AfterAll
    static void close() {
        random.close();
    }

    private static SnoozyChatOptions.Builder options() {
        return SnoozyChatOptions.builder().seed(5L);
    }

    private static SnoozyChatOptions.Builder saying(String text) {
        return options().maxTokens(100).constraint(OutputConstraint.of(Grammar.literal(text)));
    }

    @Test
    void contentAndResponseOfACall() {
        String content = client.prompt("ab").call().content();
        ChatResponse response = client.prompt("ab").call().chatResponse();
        assertThat(content).isNotEmpty();
        assertThat(response.getResult().getOutput().getText()).isEqualTo(content);
        assertThat(response.getMetadata().getUsage().getCompletionTokens()).isEqualTo(20);
    }

    @Test
    void contentOfAStreamIsThatOfACall() {
        List<String> pieces = client.prompt("ab").stream().content().collectList().block();
        assertThat(pieces).hasSizeGreaterThan(2);
        assertThat(String.join("", pieces)).isEqualTo(client.prompt("ab").call().content());
    }

    @Test
    void optionsOfARequestLieOverThoseOfTheModel() {
        ChatResponse response =
                client.prompt("ab")
                        .options(SnoozyChatOptions.builder().maxTokens(3))
                        .call()
                        .chatResponse();
        assertThat(response.getMetadata().getUsage().getCompletionTokens()).isEqualTo(3);
        assertThat(response.getMetadata().<Long>get("seed")).isEqualTo(5L);
    }

    @Test
    void textsWithParametersAndASystemText() {
        ChatResponse filled =
                client.prompt()
                        .system(s -> s.text("You are {who}.").param("who", "a bird"))
                        .user(u -> u.text("Where is {what}?").param("what", "the nest"))
                        .call()
                        .chatResponse();
        ChatResponse plain =
                client.prompt()
                        .system("You are a bird.")
                        .user("Where is the nest?")
                        .call()
                        .chatResponse();
        assertThat(filled.getResult().getOutput()).isEqualTo(plain.getResult().getOutput());
    }

    record Film(String title, int year) {}

    record Filmography(String actor, List<Film> films) {}

    @Test
    void anEntityIsForcedByItsSchema() {
        for (long seed = 0; seed < 5; seed++) {
            Filmography value =
                    client.prompt("Films of a random actor.")
                            .options(options().seed(seed).temperature(2.0).maxTokens(500))
                            .call()
                            .entity(Filmography.class, spec -> spec.useProviderStructuredOutput());
            assertThat(value.actor()).isNotNull();
            assertThat(value.films()).allSatisfy(film -> assertThat(film.title()).isNotNull());
        }
    }

    enum Colour {
        RED,
        GREEN
    }

    record Everything(
            int count,
            long large,
            double part,
            boolean on,
            Colour colour,
            LocalDate day,
            UUID id,
            List<Film> films) {}

    @Test
    void theUsualTypesOfJavaCanBeForced() {
        for (long seed = 0; seed < 3; seed++) {
            Everything value =
                    client.prompt("Anything.")
                            .options(options().seed(seed).temperature(2.0).maxTokens(1000))
                            .call()
                            .entity(Everything.class, spec -> spec.useProviderStructuredOutput());
            assertThat(value).hasNoNullFieldsOrProperties();
        }
    }

    @Test
    void aListOfEntitiesIsForcedToo() {
        List<Film> films =
                client.prompt("Films of a random actor.")
                        .options(options().temperature(2.0).maxTokens(500))
                        .call()
                        .entity(
                                new ParameterizedTypeReference<List<Film>>() {},
                                spec -> spec.useProviderStructuredOutput());
        assertThat(films).isNotNull();
    }

    @Test
    void anEntityOfAStreamIsForcedByTheSchemaOfItsConverter() {
        BeanOutputConverter<Film> converter = new BeanOutputConverter<>(Film.class);
        String json =
                String.join(
                        "",
                        client
                                .prompt("A film.")
                                .options(
                                        options()
                                                .outputSchema(converter.getJsonSchema())
                                                .temperature(2.0)
                                                .maxTokens(300))
                                .stream()
                                .content()
                                .collectList()
                                .block());
        assertThat(converter.convert(json).title()).isNotNull();
    }

    @Test
    void aModelThatIsOnlyAskedForJsonNeedNotWriteIt() {
        assertThatThrownBy(() -> client.prompt("A film.").call().entity(Film.class))
                .isInstanceOf(RuntimeException.class);
    }

    @Test
    void anEntityIsReadFromPlainTextAsWell() {
        Film film =
                client.prompt("A film.")
                        .options(saying("```json\n{\"title\": \"Up\", \"year\": 2009}\n```"))
                        .call()
                        .entity(Film.class);
        assertThat(film).isEqualTo(new Film("Up", 2009));
    }

    /** What was asked of the tool. */
    static final class Weather {
        final List<String> cities = new ArrayList<>();
        final List<Map<String, Object>> contexts = new ArrayList<>();

        @Tool(description = "the weather in a city")
        String weather(@ToolParam(description = "its name") String city, ToolContext context) {
            cities.add(city);
            contexts.add(context.getContext());
            return "rain";
        }
    }

    @Test
    void aForcedToolIsCalledOnceAndItsResultComesBack() {
        Weather weather = new Weather();
        ChatResponse response =
                client.prompt("What is the weather?")
                        .options(
                                options()
                                        .toolChoice(new ToolChoice.Named("weather"))
                                        .temperature(0.0)
                                        .maxTokens(300))
                        .tools(weather)
                        .toolContext(Map.of("who", "me"))
                        .call()
                        .chatResponse();
        assertThat(weather.cities).hasSize(1);
        assertThat(weather.contexts).containsExactly(Map.of("who", "me"));
        assertThat(response.hasToolCalls()).isFalse();
    }

    @Test
    void aForcedToolIsCalledFromAStream() {
        Weather weather = new Weather();
        client
                .prompt("What is the weather?")
                .options(
                        options()
                                .toolChoice(ToolChoice.REQUIRED)
                                .temperature(0.0)
                                .maxTokens(300)
                                .parallelToolCalls(false))
                .tools(weather)
                .toolContext(Map.of("who", "me"))
                .stream()
                .content()
                .blockLast();
        assertThat(weather.cities).hasSize(1);
    }

    @Test
    void memoryKeepsWhatWasSaid() {
        ChatMemory memory = MessageWindowChatMemory.builder().build();
        ChatClient remembering =
                client.mutate()
                        .defaultAdvisors(MessageChatMemoryAdvisor.builder(memory).build())
                        .build();
        ChatResponse first = inConversation(remembering, "I am Ann.", saying("Hello, Ann."));
        ChatResponse second = inConversation(remembering, "Who am I?", saying("Ann."));
        assertThat(memory.get("one").stream().map(Message::getText))
                .containsExactly("I am Ann.", "Hello, Ann.", "Who am I?", "Ann.");
        int alone =
                client.prompt("Who am I?")
                        .options(saying("Ann."))
                        .call()
                        .chatResponse()
                        .getMetadata()
                        .getUsage()
                        .getPromptTokens();
        assertThat(second.getMetadata().getUsage().getPromptTokens())
                .isGreaterThan(alone)
                .isGreaterThan(first.getMetadata().getUsage().getPromptTokens());
    }

    private static ChatResponse inConversation(
            ChatClient client, String text, SnoozyChatOptions.Builder options) {
        return client.prompt(text)
                .options(options)
                .advisors(a -> a.param(ChatMemory.CONVERSATION_ID, "one"))
                .call()
                .chatResponse();
    }

    @Test
    void severalClientsShareAModel() {
        List<String> alone = new ArrayList<>();
        for (long seed = 0; seed < 4; seed++) {
            alone.add(client.prompt("ab").options(options().seed(seed)).call().content());
        }
        List<String> together =
                LongStream.range(0, 4)
                        .boxed()
                        .parallel()
                        .map(s -> client.prompt("ab").options(options().seed(s)).call().content())
                        .toList();
        assertThat(together).isEqualTo(alone);
    }
}
