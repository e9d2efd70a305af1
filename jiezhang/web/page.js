// A page of ours outside Fava: starts the page's own script, as Fava does inside.

const { script } = document.querySelector("script[data-script]").dataset;
const { default: page } = await import(script);
page.init({});
page.onExtensionPageLoad?.({});
