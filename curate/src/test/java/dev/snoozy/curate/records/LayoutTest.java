package dev.snoozy.curate.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.ObjectMapper;

import java.util.List;

class LayoutTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static List<DataRecord> read(Layout expected, String json)
            throws UnknownLayoutException {
        var row = JSON.readTree(json.replace('\'', '"'));
        assertThat(Layout.of(row)).isEqualTo(expected);
        return expected.read(row);
    }

    /** Single quotation marks stand for double ones. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            textBlock =
                    """
                    OPENAI;{'messages': [{'role': 'user', 'content': 'P'}, {'role': 'assistant', 'content': [{'type': 'text', 'text': 'R'}]}]};P
                    SHAREGPT;{'conversations': [{'from': 'human', 'value': 'P'}, {'from': 'gpt', 'value': 'R'}]};P
                    SELF_INSTRUCT;{'instruction': 'P', 'instances': [{'input': 'I', 'output': 'R'}]};P--I
                    LLM_ADAPTERS;{'instruction': 'P', 'input': '', 'output': 'R', 'answer': 'r'};P
                    ALPACA;{'instruction': 'P', 'input': 'I', 'output': 'R'};P--I
                    DOLLY;{'instruction': 'P', 'context': 'I', 'response': 'R'};P--I
                    GPTEACHER;{'instruction': 'P', 'input': 'I', 'response': 'R'};P--I
                    OASST_EVALUATION;{'prompt': 'P', 'results': [{'outputs': ['R<|endoftext|>']}]};P
                    T0;{'prompt': 'P', 'completion': 'R<|endoftext|>'};P
                    T0;{'inputs': 'P', 'targets': 'R'};P
                    GPT4ALL;{'prompt': {'value': 'P'}, 'response': {'description': 'R'}, 'model_settings': {}};P
                    GSM8K;{'question': 'P', 'answer': 'R'};P
                    """)
    void oneRow(Layout layout, String json, String prompt) throws UnknownLayoutException {
        List<DataRecord> rows = read(layout, json);
        assertThat(rows).hasSize(1);
        assertThat(rows.getFirst().prompt()).isEqualTo(prompt.replace("--", "\n\n"));
        assertThat(rows.getFirst().response()).isEqualTo("R");
    }

    @Test
    void aTreeGivesThePathOfTheBestReplies() throws UnknownLayoutException {
        List<DataRecord> rows =
                read(
                        Layout.OASST_TREE,
                        "{'message_tree_id': 'x', 'prompt': {'role': 'prompter', 'text': 'Hi',"
                                + " 'replies': [{'role': 'assistant', 'text': 'second', 'rank': 1,"
                                + " 'replies': []}, {'role': 'assistant', 'text': 'first', 'rank': 0,"
                                + " 'replies': [{'role': 'prompter', 'text': 'unanswered', 'replies':"
                                + " []}]}]}}");
        assertThat(rows.getFirst().messages())
                .containsExactly(new Message("user", "Hi"), new Message("assistant", "first"));
    }

    @Test
    void selfInstructAndEvaluationsHoldSeveralRows() throws UnknownLayoutException {
        assertThat(
                        read(
                                Layout.SELF_INSTRUCT,
                                "{'instruction': 'P', 'instances': [{'input': 'a', 'output': 'b'},"
                                        + " {'input': 'c', 'output': 'd'}]}"))
                .hasSize(2);
        assertThat(
                        read(
                                Layout.OASST_EVALUATION,
                                "{'prompt': 'P', 'results': [{'outputs': ['a', 'b']}, {'outputs':"
                                        + " ['c']}]}"))
                .extracting(DataRecord::response)
                .containsExactly("a", "b", "c");
    }

    @Test
    void sourceLicenceAndMetaSurvive() throws UnknownLayoutException {
        DataRecord row =
                read(
                                Layout.DOLLY,
                                "{'instruction': 'P', 'context': '', 'response': 'R', 'category':"
                                        + " 'qa', 'source': 's', 'license': 'CC-BY-SA-3.0'}")
                        .getFirst();
        assertThat(row.source()).isEqualTo("s");
        assertThat(row.licence()).isEqualTo("CC-BY-SA-3.0");
        assertThat(row.meta()).containsEntry("category", "qa");
        DataRecord again = Layout.OPENAI.read(row.toJson()).getFirst();
        assertThat(again).isEqualTo(row);
        assertThat(again.hash()).isEqualTo(row.hash());
        assertThat(DataRecord.fromJson(row.toJson())).isEqualTo(row);
    }

    @Test
    void whatIsNoRowSaysWhy() {
        assertThatThrownBy(() -> Layout.of(JSON.readTree("{\"text\": \"x\"}")))
                .hasMessageContaining("[text]");
        assertThatThrownBy(() -> Layout.of(JSON.readTree("17")))
                .hasMessageContaining("expected an object, found number");
        assertThatThrownBy(() -> Layout.of(JSON.readTree("{\"text\": \"x\", \"parent_id\": null}")))
                .hasMessageContaining("whole trees");
    }
}
