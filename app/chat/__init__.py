"""The chat: conversations, and the Streamlit pages that show them."""
