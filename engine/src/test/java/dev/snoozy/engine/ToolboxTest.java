package dev.snoozy.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.text.chat.ToolCall;
import dev.snoozy.text.grammar.Grammar;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Java methods as tools. */
class ToolboxTest {
    enum Unit {
        CELSIUS,
        FAHRENHEIT
    }

    record Place(@Description("name of a city") String city, Optional<String> country) {}

    record Tree(int value, List<Tree> children) {}

    /** Tools of a test. */
    public static final class Weather {
        @Tool("the temperature at a place")
        public String temperature(Place place, Unit unit) {
            return place.city() + place.country().map(c -> "/" + c).orElse("") + " 20 " + unit;
        }

        @Tool(value = "fails", name = "broken")
        public int fails() {
            throw new IllegalStateException("no network");
        }
    }

    private static ChatMessage call(Toolbox box, String name, String arguments) {
        return box.call(new ToolCall("1", name, arguments));
    }

    @Test
    void aMethodIsCalledWithWhatItsSchemaAllows() {
        Toolbox box = Toolbox.of(new Weather());
        String schema =
                box.definitions().stream()
                        .filter(tool -> tool.name().equals("temperature"))
                        .findFirst()
                        .orElseThrow()
                        .parameters();
        String arguments = "{\"place\":{\"city\":\"Ulm\"},\"unit\":\"CELSIUS\"}";
        assertThat(schema).contains("name of a city");
        assertThat(Grammar.jsonSchema(schema).matches(arguments)).isTrue();
        assertThat(Grammar.jsonSchema(schema).matches(arguments.replace("CEL", "KEL"))).isFalse();
        assertThat(call(box, "temperature", arguments).content()).isEqualTo("Ulm 20 CELSIUS");
    }

    @Test
    void whatGoesWrongIsToldToTheModel() {
        Toolbox box = Toolbox.of(new Weather());
        assertThat(call(box, "broken", "{}").content()).contains("no network");
        assertThat(call(box, "temperature", "{\"unit\":\"CELSIUS\"}").content())
                .startsWith("error: place");
        assertThat(call(box, "temperature", "nonsense").content()).startsWith("error");
        assertThat(call(box, "unknown", "{}").content()).contains("temperature");
    }

    @Test
    void aFunctionOfARecordIsATool() {
        Toolbox box =
                Toolbox.empty()
                        .with("greet", "greets", Place.class, p -> Map.of("hello", p.city()));
        assertThat(call(box, "greet", "{\"city\":\"Bonn\",\"country\":\"DE\"}").content())
                .isEqualTo("{\"hello\":\"Bonn\"}");
        assertThatThrownBy(() -> box.with("greet", "again", Place.class, p -> ""))
                .hasMessageContaining("greet twice");
    }

    @Test
    void aRecordThatContainsItselfHasASchema() {
        Toolbox box = Toolbox.empty().with("sum", "sums", Tree.class, ToolboxTest::sum);
        String tree = "{\"value\":1,\"children\":[{\"value\":2,\"children\":[]}]}";
        String schema = box.definitions().getFirst().parameters();
        assertThat(Grammar.jsonSchema(schema).matches(tree)).isTrue();
        assertThat(call(box, "sum", tree).content()).isEqualTo("3");
    }

    private static int sum(Tree tree) {
        return tree.value() + tree.children().stream().mapToInt(ToolboxTest::sum).sum();
    }

    @Test
    void whatHasNoSchemaIsRefused() {
        record Odd(Thread thread) {}
        assertThatThrownBy(() -> Toolbox.empty().with("odd", "", Odd.class, o -> ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("java.lang.Thread");
        assertThatThrownBy(() -> Toolbox.of("text")).hasMessageContaining("@Tool");
    }
}
