/* A badge within a text of the editor: chosen like any other, replaced as one. */

(() => {
  const { createElement } = window.React;
  const { EditorState, Modifier } = window.DraftJS;
  const { ModalWorkflowSource, TooltipEntity, registerPlugin } = window.draftail;
  const { Icon } = window.wagtail.components;

  class BadgeSource extends ModalWorkflowSource {
    getChooserConfig() {
      return {
        url: this.props.entityType.chooserUrls.badgeChooser,
        urlParams: {},
        onload: window.CHOOSER_MODAL_ONLOAD_HANDLERS,
        responses: { chosen: this.onChosen },
      };
    }

    filterEntityData({ id }) {
      return { id: String(id) };
    }

    onChosen(badge) {
      const { editorState, entityType, onComplete } = this.props;
      const content = editorState
        .getCurrentContent()
        .createEntity(entityType.type, "IMMUTABLE", this.filterEntityData(badge));
      const changed = Modifier.replaceText(
        content,
        editorState.getSelection(),
        badge.string,
        null,
        content.getLastCreatedEntityKey(),
      );
      this.workflow.close();
      onComplete(EditorState.push(editorState, changed, "insert-characters"));
    }
  }

  const Badge = (props) =>
    createElement(TooltipEntity, {
      ...props,
      icon: createElement(Icon, { name: "gamification-badge" }),
      label: props.contentState.getEntity(props.entityKey).getData().title || "",
    });

  registerPlugin(
    { type: "GAMIFICATION_BADGE", source: BadgeSource, decorator: Badge },
    "entityTypes",
  );
})();
